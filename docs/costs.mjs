/**
 * Writes the tables of costs.md, between their markers, from the prices and quantities in costs.json.
 *
 *     node docs/costs.mjs            writes the page
 *     node docs/costs.mjs --check    fails when the page is not what it would write
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { tables } from './costs/tables.mjs';

const page = new URL('costs.md', import.meta.url);
const text = await readFile(page, 'utf8');
const costs = JSON.parse(await readFile(new URL('costs.json', import.meta.url), 'utf8'));

let filled = text;
for (const [name, content] of Object.entries(tables(costs))) {
  const marked = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  if (!marked.test(filled)) throw new Error(`costs.md: the markers of the table "${name}" are missing`);
  filled = filled.replace(marked, (_, begin, end) => `${begin}\n${content}\n\n${end}`);
}
const wanted = await format(filled, { ...(await resolveConfig(page)), parser: 'markdown' });

if (!process.argv.includes('--check')) {
  await writeFile(page, wanted);
} else if (text !== wanted) {
  process.stderr.write('docs/costs.md is not what docs/costs.json says: run `node docs/costs.mjs`\n');
  process.exitCode = 1;
}
