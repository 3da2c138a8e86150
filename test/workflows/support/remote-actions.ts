import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What a pinned action takes and gives, as its own action.yml says. */
export interface RemoteAction {
  readonly version: string;
  readonly commit: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly outputs: readonly string[];
}

const file = path.join(import.meta.dirname, '../fixtures/remote-actions.json');

/** The actions of others that may be used, by name: OWNER/REPOSITORY, or with a path behind it. */
export const REMOTE_ACTIONS = (
  JSON.parse(await readFile(file, 'utf8')) as { actions: Record<string, RemoteAction> }
).actions;
