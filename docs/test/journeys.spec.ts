import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fencedCode, inlineCode } from './support/markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'docs/architecture.md',
  ...readdirSync(path.join(root, 'docs/journeys')).map((file) => `docs/journeys/${file}`),
];
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** A file or folder of the repository, written out from its root. */
const PATH = /^`((?:\.ci|\.github|bench|docs|examples|iac|redeployer|rehearsal|service|test)\/[\w./-]*)`$/;

describe.each(pages)('%s', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8');
  const named = (pattern: RegExp) => inlineCode(text).flatMap((code) => pattern.exec(code)?.[1] ?? []);

  it('has a picture', () => {
    expect(fencedCode(text).filter((block) => block.startsWith('```mermaid\n'))).not.toEqual([]);
  });

  it('names files that are there', () => {
    const files = named(PATH);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('names workflows that are there', () => {
    const workflows = [...text.matchAll(/\b[a-z]+(?:-[a-z]+)*\.yml\b/g)].map(([name]) => name);
    const folder = path.join(root, '.github/workflows');
    expect(workflows.filter((name) => !existsSync(path.join(folder, name)))).toEqual([]);
  });

  it('names commands that are there', () => {
    const commands = named(/^`npm run (\w+)`$/);
    expect(commands.filter((command) => !(command in scripts))).toEqual([]);
  });
});
