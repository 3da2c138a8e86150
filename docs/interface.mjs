/** Writes the inputs and outputs of the workflows that other repositories call into docs/interface.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const PAGE = new URL('interface.md', import.meta.url);
const WORKFLOWS = ['publish-image', 'promote-image', 'release-image', 'terraform', 'plan-changes', 'drift'];

/**
 * @typedef {{ description: string, type: string, required?: boolean, default?: unknown }} Input
 * @typedef {Record<string, { description: string }>} Described
 * @typedef {{ inputs: Record<string, Input>, secrets?: Described, outputs?: Described }} Call
 */

/** The page as it has to be. */
export async function renderPage() {
  const page = await readFile(PAGE, 'utf8');
  const sections = await Promise.all(WORKFLOWS.map(renderWorkflow));
  const written = page.replace(/(<!-- interface:.*-->\n)[^]*(<!-- \/interface -->)/, (_, begin, end) =>
    [begin, ...sections, end].join('\n'),
  );
  return format(written, { ...(await resolveConfig(fileURLToPath(PAGE))), parser: 'markdown' });
}

/** @param {string} name */
async function renderWorkflow(name) {
  const text = await readFile(new URL(`../.github/workflows/${name}.yml`, import.meta.url), 'utf8');
  const { on } = /** @type {{ on: { workflow_call: Call } }} */ (parse(text));
  const { inputs, secrets = {}, outputs = {} } = on.workflow_call;
  const given = Object.entries(inputs).map(
    ([input, { description, type, required, default: value }]) =>
      `| \`${input}\` | ${type} | ${required ? '**required**' : value === '' ? 'none' : `\`${String(value)}\``} | ${cell(description)} |`,
  );
  return [
    `### \`${name}.yml\``,
    ...table('| input | type | default | |', given),
    ...table('| secret | |', described(secrets)),
    ...table('| output | |', described(outputs)),
    '',
  ].join('\n');
}

/** @param {string} head @param {string[]} rows */
function table(head, rows) {
  return rows.length === 0 ? [] : ['', head, head.replaceAll(/[^|]+/g, ' --- '), ...rows];
}

/** @param {Record<string, { description: string }>} all */
function described(all) {
  return Object.entries(all).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`);
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('<', '\\<').replaceAll('|', '\\|');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(PAGE, await renderPage());
