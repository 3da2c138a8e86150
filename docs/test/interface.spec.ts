import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { renderPage } from '../interface.mjs';

it('the page of the interface shows every input and output as it is: `node docs/interface.mjs`', async () => {
  const page = await readFile(path.join(import.meta.dirname, '../interface.md'), 'utf8');
  expect(page).toBe(await renderPage());
});
