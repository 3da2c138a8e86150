import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { renderPage } from '../interface.mjs';

it('the page for platform teams shows every input and output as it is: `node docs/interface.mjs`', async () => {
  const page = await readFile(path.join(import.meta.dirname, '../platform-teams.md'), 'utf8');
  expect(page).toBe(await renderPage());
});
