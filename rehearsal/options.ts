import { parseArgs } from 'node:util';
import { ENVIRONMENTS } from '@slipway/test-helpers/terraform/layers';

/** What the caller asked for. */
export interface Options {
  /** The environment that is rehearsed; undefined with `--quick`, which takes no settings of one. */
  environment: string | undefined;
  /** Leave it up at the end, until Ctrl-C. */
  keep: boolean;
  /** Plain output whose last line is one JSON object. */
  json: boolean;
}

export const USAGE = `npm run rehearse -- [--quick | --environment NAME] [--keep] [--json]

  --quick              without Terraform: the releases, faults and rotations alone, in a few minutes
  --environment NAME   which folder of iac/environments: ${ENVIRONMENTS.join(' or ')} (the first one)
  --keep               leave everything up at the end and print the addresses; Ctrl-C takes it down
  --json               plain lines, the last of them one JSON object with the result`;

/** Reads the command line. @throws {Error} that names what is wrong */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      environment: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { quick, keep, json } = values;
  if (quick && values.environment !== undefined) {
    throw new Error('--quick applies no environment: leave out --environment, or --quick.');
  }
  if (quick) {
    return { environment: undefined, keep, json };
  }
  const environment = values.environment ?? ENVIRONMENTS[0] ?? '';
  if (!ENVIRONMENTS.includes(environment)) {
    throw new Error(
      `There is no environment ${environment}: iac/environments has ${ENVIRONMENTS.join(', ')}.`,
    );
  }
  return { environment, keep, json };
}
