import { styleText } from 'node:util';

/** A terminal's colours; NO_COLOR, a pipe and a file get none. */
export const paint = {
  good: style('green'),
  bad: style('red'),
  doubtful: style('yellow'),
  strong: style('bold'),
  quiet: style('dim'),
};

function style(format: Parameters<typeof styleText>[0]): (text: string) => string {
  return (text) => styleText(format, text, { stream: process.stdout });
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For a person beside the answer, which may go into a file or another program. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows with columns of one width each. A style may be given beside the text, for it has no width. */
export type Cell = string | { text: string; as: (text: string) => string };

export function table(rows: Cell[][]): string {
  const plain = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, plain(cell).length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const padding =
            column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - plain(cell).length);
          return (typeof cell === 'string' ? cell : cell.as(cell.text)) + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A moment for people, in UTC, to the minute. */
export function moment(at: string | null): string {
  return at === null ? '' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
