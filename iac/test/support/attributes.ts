import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { IAC, ROOTS } from '@slipway/test-helpers/terraform/layers';

/** What the layers use of a resource or data source (`data.aws_…`) of the provider, or of the provider's own settings. */
export interface Use {
  /** The attributes that are set, blocks by their path: `network_configuration.subnets`. The root block is the empty path. */
  blocks: Map<string, Set<string>>;
  /** The attributes that are read of it. */
  read: Set<string>;
}

/** Terraform's own, in every resource and data source. */
const META = new Set(['count', 'depends_on', 'for_each', 'lifecycle', 'provider', 'provisioner']);

/** Everything that the layers use of the provider, by type; `provider` is its own settings. */
export function usedOfProvider(): Map<string, Use> {
  const used = new Map<string, Use>();
  for (const text of sources()) {
    for (const { type, body } of declarations(text)) noteSet(useOf(used, type), body);
    for (const { type, attribute } of reads(text)) useOf(used, type).read.add(attribute);
  }
  // The name of a second configuration of the provider is Terraform's.
  used.get('provider')?.blocks.get('')?.delete('alias');
  return used;
}

function sources(): string[] {
  return ['every-layer', ...ROOTS].flatMap((folder) =>
    readdirSync(path.join(IAC, folder))
      .filter((file) => file.endsWith('.tf'))
      .map((file) => readFileSync(path.join(IAC, folder, file), 'utf8')),
  );
}

function useOf(used: Map<string, Use>, type: string): Use {
  const use = used.get(type) ?? { blocks: new Map([['', new Set<string>()]]), read: new Set<string>() };
  used.set(type, use);
  return use;
}

function declarations(text: string): { type: string; body: string[] }[] {
  const found = text.matchAll(/^(resource|data|provider) "(aws\w*)"[^\n]*\{\n([\s\S]*?)^\}$/gm);
  return [...found].map(([, kind, name = '', body = '']) => ({
    type: kind === 'provider' ? 'provider' : kind === 'data' ? `data.${name}` : name,
    body: body.split('\n'),
  }));
}

/** The files are formatted (a test sees to that), so indentation says to which block a line belongs. */
function noteSet(use: Use, body: string[]): void {
  let open: { indent: number; path: string }[] = [{ indent: 0, path: '' }];
  let skippedTo: RegExp | undefined;
  for (const line of body) {
    if (skippedTo) {
      if (skippedTo.test(line)) skippedTo = undefined;
      continue;
    }
    const [, spaces = '', name = '', label, opens] =
      /^( +)(\w+)(?: "(\w+)")?(?: +(=)| \{(?:\})?$)/.exec(line) ?? [];
    if (name === '') continue;
    open = open.filter(({ indent }) => indent < spaces.length);
    const parent = open.at(-1)?.path ?? '';
    const isMeta = parent === '' && META.has(name);
    if (opens === '=') {
      // In `dynamic` stands what makes the blocks, and not what is in them.
      if (!isMeta && !parent.endsWith('*')) use.blocks.get(parent)?.add(name);
      skippedTo = endOfValue(line, spaces);
    } else if (isMeta) {
      skippedTo = new RegExp(`^${spaces}\\}`);
    } else {
      const block = name === 'content' ? parent.slice(0, -1) : join(parent, label ?? name);
      if (name !== 'content') use.blocks.get(parent)?.add(label ?? name);
      if (name !== 'dynamic') use.blocks.set(block, use.blocks.get(block) ?? new Set());
      open.push({ indent: spaces.length, path: name === 'dynamic' ? `${block}*` : block });
    }
  }
}

/** How a value of several lines ends; nothing for one of a line. */
function endOfValue(line: string, spaces: string): RegExp | undefined {
  const marker = /<<-?(\w+)$/.exec(line)?.[1];
  if (marker !== undefined) return new RegExp(`^\\s*${marker}$`);
  return /[([{]$/.test(line) ? new RegExp(`^${spaces}[)\\]}]`) : undefined;
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

function reads(text: string): { type: string; attribute: string }[] {
  const reference = /\b(data\.)?(aws_\w+)\.\w+\)?(?:\[(?:[^[\]]|\[[^\]]*\])*\])*\.(\w+)/g;
  return [...text.matchAll(reference)].map(([, data = '', name = '', attribute = '']) => ({
    type: `${data}${name}`,
    attribute,
  }));
}
