import { execFile } from 'node:child_process';

/** What a run of Terraform left. */
export interface Run {
  code: number;
  output: string;
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
