import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { validate, type ValidationConfig } from '@actions/languageservice';
import type { ActionMetadata } from '@actions/languageservice/action';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { REMOTE_ACTIONS } from './remote-actions.ts';
import { readDefinitions } from './tree.ts';
import { ROOT } from '@slipway/test-helpers/root';

/** This repository's name, by which the example of a consumer calls it. */
const SLIPWAY = 'slipway-dev/slipway';

/** What GitHub's own language service has to say about the workflows and actions of a tree, or one of them; a line each. */
export async function diagnose(root: string, file?: string): Promise<string[]> {
  const definitions = (await readDefinitions(root)).filter(({ name }) => file === undefined || name === file);
  const lines = await Promise.all(
    definitions.map(async ({ name, text }) => {
      const document = TextDocument.create(pathToFileURL(path.join(root, name)).href, 'yaml', 0, text);
      const found = await validate(document, configuration(root));
      return found.map(
        ({ range, message }) =>
          `${name}:${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
      );
    }),
  );
  return lines.flat();
}

function configuration(root: string): ValidationConfig {
  return {
    // Called workflows: their inputs, outputs and secrets.
    fileProvider: {
      async getFileContent(reference) {
        let base = root;
        if ('repository' in reference) {
          if (`${reference.owner}/${reference.repository}` !== SLIPWAY) {
            throw new Error(`${reference.owner}/${reference.repository} is not known here`);
          }
          base = ROOT;
        }
        return { name: reference.path, content: await readFile(path.join(base, reference.path), 'utf8') };
      },
    },
    // Actions of others: the inputs that the pinned commit takes.
    actionsMetadataProvider: {
      async fetchActionMetadata({ owner, name, path: folder = '', ref }) {
        if (`${owner}/${name}` === SLIPWAY) {
          return parse(await readFile(path.join(ROOT, folder, 'action.yml'), 'utf8')) as ActionMetadata;
        }
        const action = REMOTE_ACTIONS[path.posix.join(owner, name, folder)];
        if (action?.commit !== ref) return undefined;
        const inputs = [
          ...action.required.map((input) => [input, { description: '', required: true }] as const),
          ...action.optional.map((input) => [input, { description: '' }] as const),
        ];
        return { name, description: '', inputs: Object.fromEntries(inputs) };
      },
    },
  };
}
