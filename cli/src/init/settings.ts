import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ofKit } from '../kit.ts';
import { terraformProgram } from '../tools.ts';
import { UserError } from '../errors.ts';

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

/** What a setting holds, where it is of that kind. */
export const as = {
  text: (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined),
  texts: (value: Value | undefined): string[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [],
  object: (value: Value | undefined): Record<string, Value> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {},
};

/** What a file of settings gives each name, read by Terraform itself, as the workflows read it; null where it gives none. */
export function readSettings(file: string, names: string[]): Record<string, Value> {
  if (!existsSync(file)) return Object.fromEntries(names.map((name) => [name, null]));
  try {
    const script = '. "$1"; shift; settings "$@"';
    const args = ['-c', script, 'bash', ofKit('.github/actions/shared.sh'), file, ...names];
    const env = { ...process.env, SLIPWAY_TERRAFORM: terraformProgram() };
    return JSON.parse(
      execFileSync('bash', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr ?? '';
    throw new UserError(`Terraform cannot read ${file}:\n${said.trim()}`, { cause });
  }
}

/** One setting to be written; the comment goes above it where it is new. */
export interface Setting {
  name: string;
  value: Value;
  comment?: string;
  /** Whether a value that is there stays, whatever it is. */
  keeps?: boolean;
}

/**
 * Puts settings into the text of a file. What is there already, comments and other settings too, stays as it is; a value
 * of null takes nothing out.
 * @param held what the file gives each name now.
 */
export function withSettings(text: string, held: Record<string, Value>, settings: Setting[]): string {
  let written = text;
  for (const { name, value, comment, keeps } of settings) {
    const now = held[name] ?? null;
    if (value === null || same(now, value) || (keeps && now !== null)) continue;
    const line = `${name} = ${hcl(value)}`;
    const place = now === null ? undefined : placeOf(written, name);
    written = place
      ? written.slice(0, place.start) + line + written.slice(place.end)
      : `${written}${comment ? `# ${comment}\n` : ''}${line}\n`;
  }
  return written === text ? text : formatted(written);
}

function same(one: Value, other: Value): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Objects without an order of their own, and without what is null. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(
    entries
      .map(([name, one]) => [name, sorted(one)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** A value as it is written in a file of settings. */
export function hcl(value: Value): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  // Terraform would take these two for the beginning of a template.
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{');
  if (Array.isArray(value)) return `[${value.map(hcl).join(', ')}]`;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  if (entries.length === 0) return '{}';
  const lines = entries.map(
    ([name, one]) => `${/^[a-z_][\w-]*$/i.test(name) ? name : hcl(name)} = ${hcl(one)}`,
  );
  const isSmall = entries.every(([, one]) => one === null || typeof one !== 'object') || entries.length === 1;
  return isSmall ? `{ ${lines.join(', ')} }` : `{\n${lines.join('\n')}\n}`;
}

/** Where a setting of a file begins and ends: with the line, or with the bracket that closes its last one. */
function placeOf(text: string, name: string): { start: number; end: number } | undefined {
  const start = new RegExp(`^${name}[ \\t]*=`, 'm').exec(text)?.index;
  if (start === undefined) return undefined;
  let depth = 0;
  const token = /"(?:\\.|[^"\\])*"|#.*|\/\/.*|[[({]|[\])}]|\n/g;
  token.lastIndex = start;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [mark] = found;
    if (/^[[({]$/.test(mark)) depth += 1;
    else if (/^[\])}]$/.test(mark)) depth -= 1;
    else if (mark === '\n' && depth === 0) return { start, end: found.index };
  }
  return { start, end: text.length };
}

/** As `terraform fmt` has it: the workflow that plans refuses anything else. */
function formatted(text: string): string {
  return execFileSync(terraformProgram(), ['fmt', '-'], { input: text, encoding: 'utf8' });
}
