import { parseArgs } from 'node:util';
import { ENVIRONMENTS } from '@slipway/test-helpers/terraform/layers';

/** What the caller asked for. */
export interface Options {
  /** The environment that is rehearsed. */
  environment: string;
  /** Leave it up at the end, until Ctrl-C. */
  keep: boolean;
  /** Plain output whose last line is one JSON object. */
  json: boolean;
}

export const USAGE = `npm run rehearse -- [--environment NAME] [--keep] [--json]

  --environment NAME   which folder of iac/environments: ${ENVIRONMENTS.join(' or ')} (the first one)
  --keep               leave everything up at the end and print the addresses; Ctrl-C takes it down
  --json               plain lines, the last of them one JSON object with the result`;

/** Reads the command line. @throws {Error} that names what is wrong */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      environment: { type: 'string', default: ENVIRONMENTS[0] },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { environment, keep, json } = values;
  if (environment === undefined || !ENVIRONMENTS.includes(environment)) {
    throw new Error(
      `There is no environment ${environment}: iac/environments has ${ENVIRONMENTS.join(', ')}.`,
    );
  }
  return { environment, keep, json };
}
