import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '@slipway/test-helpers/root';
import { hasProviderSource } from '@slipway/test-helpers/terraform/provider-source';
import { python } from './python.ts';
import { terraformProgram } from './stage/terraform-program.ts';

const run = promisify(execFile);

const REQUIREMENTS = 'rehearsal/emulator/requirements.txt';
/** The oldest Terraform whose S3 backend locks by itself. */
const TERRAFORM = [1, 11];

/** Something that is not there, and how to get it. */
interface Missing {
  what: string;
  remedy: string;
}

/**
 * @param isQuick whether neither Terraform nor the actions' scripts are run
 * @returns a message that names everything that is missing and how to get it, or undefined
 */
export async function findMissing(isQuick: boolean): Promise<string | undefined> {
  const looks = [moto(), awsCli(), builds(), ...(isQuick ? [] : [terraform(), jq()])];
  const missing = (await Promise.all(looks)).filter((one) => one !== undefined);
  if (missing.length === 0) {
    return undefined;
  }
  const lines = missing.map(({ what, remedy }) => `- ${what}\n  ${remedy}`);
  return `The rehearsal cannot start:\n${lines.join('\n')}`;
}

async function terraform(): Promise<Missing | undefined> {
  const [name, page] =
    terraformProgram() === 'tofu'
      ? ['OpenTofu', 'opentofu.org/docs/intro/install']
      : ['Terraform', 'developer.hashicorp.com/terraform/install'];
  const remedy = `Install it (${page}), or with your package manager.`;
  const output = await outputOf(terraformProgram(), ['version', '-json']);
  if (output === undefined) {
    return { what: `${name} ${TERRAFORM.join('.')} or newer is missing.`, remedy };
  }
  const { terraform_version: version } = JSON.parse(output) as { terraform_version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest = 0, oldestMinor = 0] = TERRAFORM;
  const isOld = major < oldest || (major === oldest && minor < oldestMinor);
  if (isOld) {
    return { what: `${name} is ${version}; it has to be ${TERRAFORM.join('.')} or newer.`, remedy };
  }
  return (await hasProviderSource())
    ? undefined
    : {
        what: `${name} cannot get the provider hashicorp/aws: its registry does not answer from here.`,
        remedy:
          'Name a mirror in a CLI configuration file, and the file in TF_CLI_CONFIG_FILE ' +
          '(developer.hashicorp.com/terraform/cli/config/config-file#provider-installation).',
      };
}

async function moto(): Promise<Missing | undefined> {
  const pinned = /^moto.*==(.+)$/m.exec(readFileSync(path.join(ROOT, REQUIREMENTS), 'utf8'))?.[1] ?? '';
  const remedy = `unset SLIPWAY_PYTHON, or pip install -r ${REQUIREMENTS} into its environment`;
  const found = await outputOf(python(), ['-c', 'import moto.server; print(moto.__version__)']);
  if (found === undefined) {
    return { what: `${python()} has no moto[server] ${pinned}.`, remedy };
  }
  const version = found.trim();
  return version === pinned
    ? undefined
    : { what: `moto is ${version}; the emulator's patches are for ${pinned}.`, remedy };
}

async function awsCli(): Promise<Missing | undefined> {
  const found = await outputOf('aws', ['--version']);
  return found === undefined
    ? {
        what: 'The AWS CLI is missing.',
        remedy: 'pip install awscli, or aws.amazon.com/cli; either version will do.',
      }
    : undefined;
}

async function jq(): Promise<Missing | undefined> {
  const found = await outputOf('jq', ['--version']);
  return found === undefined
    ? { what: 'jq is missing.', remedy: 'Install it with your package manager.' }
    : undefined;
}

async function builds(): Promise<Missing | undefined> {
  const absent = ['dist/main.js', 'redeployer/dist/redeployer.zip'].filter(
    (file) => !existsSync(path.join(ROOT, file)),
  );
  return absent.length === 0
    ? undefined
    : { what: `${absent.join(' and ')} missing.`, remedy: 'npm run build && npm run build -w redeployer' };
}

async function outputOf(program: string, args: string[]): Promise<string | undefined> {
  try {
    return (await run(program, args)).stdout;
  } catch {
    return undefined;
  }
}
