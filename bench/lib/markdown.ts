/** Which side a column's text keeps to. */
type Side = 'left' | 'right';

/** A Markdown table, padded so that it also reads as plain text. Columns of numbers keep to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [head, ...rows].map((row) => head.map((_, column) => escape(row[column] ?? '')));
  const widths = head.map((_, column) => Math.max(3, ...escaped.map((row) => (row[column] ?? '').length)));
  const sides = head.map((_, column): Side =>
    rows.length > 0 && rows.every((row) => isNumeric(row[column] ?? '')) ? 'right' : 'left',
  );
  const pad = (text: string, column: number) =>
    sides[column] === 'right' ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  const [first = [], ...others] = escaped.map((row) => line(row.map(pad)));
  const rule = line(
    widths.map((width, column) =>
      sides[column] === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
    ),
  );
  return [first, rule, ...others].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function isNumeric(text: string): boolean {
  return text === '' || text === '–' || /^[\d.,]+( ?(×|ms|s|MB|%))?$/.test(text);
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A number as people read it: whole from 100 on, else with as many digits as help. */
export function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
