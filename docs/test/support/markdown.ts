const FENCED = /^```[^]*?^```$/gm;
const INLINE = /`[^`\n]*`/g;

/** The blocks of code of a page, with their fences. */
export function fencedCode(markdown: string): string[] {
  return markdown.match(FENCED) ?? [];
}

/** The commands of a page that are to be pasted, block by block. */
export function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
}

/** The commands of a page that are shown with what they print. */
export function shownCommands(markdown: string): string[] {
  return consolesOf(markdown).map(({ command }) => command);
}

/** Each command that is shown, with the lines that it prints; `…` stands for some that are left out. */
export function consolesOf(markdown: string): { command: string; lines: string[] }[] {
  return [...markdown.matchAll(/^```console\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((one) => {
        const [command = '', ...lines] = one.trimEnd().split('\n');
        return { command, lines };
      }),
  );
}

/** The pieces of code in a text, in alphabetical order: languages put words in different ones. */
export function inlineCode(text: string): string[] {
  return (withoutCode(text).match(INLINE) ?? []).toSorted();
}

/** The tables of a page: of each its rows, of each row its cells. A cell may hold `\|`. */
export function tablesOf(markdown: string): string[][][] {
  const tables = withoutCode(markdown).match(/(?:^\|.*\|$\n?)+/gm) ?? [];
  return tables.map((table) =>
    table
      .trim()
      .split('\n')
      .map((row) => row.slice(1, -1).split(/(?<!\\)\|/)),
  );
}

/** The sections of a page, each from one heading to the next: the heading's level and the text below it. */
export function sectionsOf(markdown: string): { level: number; text: string }[] {
  const page = withoutCode(markdown);
  const headings = [...page.matchAll(/^(#+) .*$/gm)];
  return headings.map((heading, index) => ({
    level: heading[1]?.length ?? 0,
    text: page.slice(heading.index + heading[0].length, headings[index + 1]?.index),
  }));
}

/** The links of a page to other files of the repository, or within itself; code is left out. */
export function linksOf(markdown: string): { file: string; anchor: string }[] {
  const prose = withoutCode(markdown).replaceAll(INLINE, '');
  return [...prose.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].map(([, file = '', anchor = '']) => ({
    file,
    anchor,
  }));
}

/** What a link can point to within a page: its headings, as GitHub names them. */
export function anchorsOf(markdown: string): string[] {
  const headings = withoutCode(markdown).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(FENCED, '');
}
