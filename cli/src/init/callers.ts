import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A call of Slipway: what is called, at which commit, tag or branch, and the version behind it. */
export const CALL = /(uses: *slipway-dev\/slipway\/\.github\/[\w./-]+)@([\w./-]+)( *# *v[\d.]+)?/g;

/** The workflows that are there and call Slipway. */
export function callersIn(folder = '.github/workflows'): { file: string; text: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }))
    .filter(({ text }) => text.includes('slipway-dev/slipway/'));
}
