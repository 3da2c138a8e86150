import { format } from 'prettier';

/**
 * A table in Markdown.
 *
 * @param numbers the columns that keep to the right; by default all but the first
 */
export function table(
  head: string[],
  rows: string[][],
  numbers = head.map((_, column) => column).slice(1),
): string {
  const rule = head.map((_, column) => (numbers.includes(column) ? '--:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Markdown whose tables also read as plain text. */
export function tidy(markdown: string): Promise<string> {
  return format(markdown, { parser: 'markdown' });
}
