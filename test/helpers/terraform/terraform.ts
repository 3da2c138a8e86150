import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../root.ts';

/** Where packages may keep what can be made again; git ignores it. */
const CACHE = path.join(ROOT, 'node_modules/.cache/slipway');

/** What a run of Terraform left. */
export interface Run {
  code: number;
  output: string;
}

/**
 * As `providerSource`, for OpenTofu: it asks for the provider under the name of its own registry, so a mirror that knows the
 * other name only is shown to it under that.
 */
export function tofuSource(): Record<string, string> {
  const { TF_CLI_CONFIG_FILE: file = '' } = providerSource();
  const mirror = /path *= *"(.*)"/.exec(readFileSync(file, 'utf8'))?.[1];
  if (mirror === undefined) return {};
  const from = path.join(mirror, 'registry.terraform.io/hashicorp/aws');
  const own = path.join(CACHE, 'tofu');
  for (const version of readdirSync(from)) {
    const to = path.join(own, 'registry.opentofu.org/hashicorp/aws', version);
    mkdirSync(to, { recursive: true });
    for (const platform of readdirSync(path.join(from, version))) {
      if (!existsSync(path.join(to, platform))) {
        symlinkSync(path.join(from, version, platform), path.join(to, platform));
      }
    }
  }
  const config = path.join(CACHE, 'tofu.rc');
  writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${own}"\n  }\n}\n`);
  return { TF_CLI_CONFIG_FILE: config };
}

/**
 * The variables that let Terraform find the AWS provider: its registry, or a mirror in the file system where the machine
 * has one and no CLI configuration says otherwise.
 */
export function providerSource(): Record<string, string> {
  const { TF_CLI_CONFIG_FILE: configured } = process.env;
  if (configured && existsSync(configured)) return { TF_CLI_CONFIG_FILE: configured };
  const mirror = findMirror();
  mkdirSync(CACHE, { recursive: true });
  const file = path.join(CACHE, 'terraform.rc');
  writeFileSync(
    file,
    mirror === undefined
      ? ''
      : `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
  );
  return { TF_CLI_CONFIG_FILE: file };
}

function findMirror(): string | undefined {
  const provider = 'registry.terraform.io/hashicorp/aws';
  // `providers` and `plugin-cache` are what Terraform itself keeps, in part; temporary folders go away.
  const left = ['*/providers/*', '*/plugin-cache/*', `${tmpdir()}/*`].flatMap((one) => [
    '-not',
    '-path',
    one,
  ]);
  const wanted = ['-path', `*/${provider}`, ...left];
  try {
    const found = execFileSync('find', ['/', '-xdev', '-maxdepth', '6', '-type', 'd', ...wanted], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return mirrorIn(found);
  } catch (error) {
    // It ends with 1 when it met a folder that it may not enter, and has found what there is all the same.
    return mirrorIn(error instanceof Error && 'stdout' in error ? String(error.stdout) : '');
  }

  function mirrorIn(found: string): string | undefined {
    return found.split('\n')[0]?.slice(0, -provider.length - 1) || undefined;
  }
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: string[],
  cwd: string,
  environment: Record<string, string | undefined> = {},
): Promise<Run> {
  const options = { cwd, env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: stdout + stderr });
    });
  });
}
