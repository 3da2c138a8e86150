import assert from 'node:assert/strict';
import type { Node } from '../lib/image-node.ts';
import { MESSAGE } from '../peers/answers.mjs';
import { start, type Database, type Program } from '../programs.ts';

/** Only what gives the same right answers may be compared: fails when a program does not. */
export async function checkAnswers(
  programs: Program[],
  node: Node,
  database: Database,
  folder: string,
): Promise<void> {
  for (const program of programs) {
    const server = await start(program, node, database, folder);
    try {
      const ask = async (route: string) =>
        (await fetch(new URL(route, server.url))).json() as Promise<object>;
      assert.deepEqual(await ask('/'), MESSAGE, `${program.name}: GET /`);
      const { engine, version, banner } = (await ask('/connect')) as Record<string, string>;
      assert.equal(engine, 'PostgreSQL', `${program.name}: GET /connect`);
      assert.ok(banner?.startsWith(`PostgreSQL ${version} `), `${program.name}: GET /connect`);
    } finally {
      await server.stop();
    }
  }
}
