import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';
import { isMap, parseDocument, visit, type Document } from 'yaml';

/** A workflow or an action of a tree: `name` is its path in the tree. */
export interface Definition {
  readonly name: string;
  readonly kind: 'workflow' | 'action';
  readonly text: string;
  readonly document: Document;
}

/** Every workflow and action under `.github/` of a tree. */
export async function readDefinitions(root: string): Promise<Definition[]> {
  const names = await readdir(path.join(root, '.github'), { recursive: true });
  const wanted = names.filter((name) => /^(workflows\/[^/]+|actions\/[^/]+\/action)\.ya?ml$/.test(name));
  return Promise.all(
    wanted.toSorted().map(async (name) => {
      const text = await readFile(path.join(root, '.github', name), 'utf8');
      const kind = name.startsWith('workflows/') ? 'workflow' : 'action';
      return { name: `.github/${name}`, kind, text, document: parseDocument(text) };
    }),
  );
}

/** A copy of the workflows and actions of a tree, to be changed and removed. */
export async function copyDefinitions(root = ROOT): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'definitions-'));
  await cp(path.join(root, '.github'), path.join(folder, '.github'), { recursive: true });
  return folder;
}

/** One `uses:` line, with the comment behind it. */
export interface Use {
  readonly value: string;
  readonly comment: string;
}

/** Everything that a definition uses. */
export function readUses(document: Document): Use[] {
  const uses: Use[] = [];
  visit(document, {
    Pair(_, pair) {
      const { key, value } = pair as {
        key: { value?: unknown };
        value: { value?: unknown; comment?: string };
      };
      if (key.value === 'uses' && typeof value.value === 'string') {
        uses.push({ value: value.value, comment: (value.comment ?? '').trim() });
      }
    },
  });
  return uses;
}

/** A mapping of a document as plain data, or nothing where it is absent. */
export function readMap<T = Record<string, unknown>>(
  document: Document,
  ...keys: string[]
): Record<string, T> {
  const node = document.getIn(keys);
  return isMap(node) ? (node.toJS(document) as Record<string, T>) : {};
}
