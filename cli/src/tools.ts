import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { UserError } from './errors.ts';

/** What each program is called in a sentence, and where it is from. */
const TOOLS = {
  aws: 'the AWS CLI, version 2 (aws)',
  bash: 'bash, 4.4 or newer',
  gh: 'the GitHub CLI (gh)',
  git: 'git',
  jq: 'jq',
  terraform: 'Terraform or OpenTofu, 1.11 or newer (terraform, tofu)',
} as const;

export type Tool = keyof typeof TOOLS;

/** @returns whether a program is on the PATH, or is the file that is named. */
export function has(program: string): boolean {
  const folders = program.includes('/') ? ['.'] : (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => {
    try {
      accessSync(path.resolve(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The program for Terraform: what SLIPWAY_TERRAFORM says, as the scripts have it, else the one that is there. */
export function terraformProgram(): string {
  return process.env['SLIPWAY_TERRAFORM'] || (!has('terraform') && has('tofu') ? 'tofu' : 'terraform');
}

/** @throws UserError that names everything that is missing at once. */
export function need(...tools: Tool[]): void {
  const missing = tools.filter((tool) => !has(tool === 'terraform' ? terraformProgram() : tool));
  if (missing.length > 0) {
    throw new UserError(
      `This needs ${missing.map((tool) => TOOLS[tool]).join(' and ')} on the PATH; \`slipway doctor\` says what else is missing.`,
    );
  }
  if (tools.includes('bash') && !isBashNewEnough()) {
    throw new UserError(
      'The bash on the PATH is older than 4.4, as macOS has it: install a newer one, such as with `brew install bash`.',
    );
  }
}

export function isBashNewEnough(): boolean {
  const test = '(( BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4) ))';
  return spawnSync('bash', ['-c', test]).status === 0;
}
