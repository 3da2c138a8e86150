import assert from 'node:assert/strict';
import { start, type Contestant, type Database } from '../contestants.ts';
import type { NodeVersion } from '../lib/node-versions.ts';
import { MESSAGE } from '../peers/answers.mjs';

/** Only what gives the same right answers may be compared: fails when a contestant does not. */
export async function checkAnswers(
  contestants: Contestant[],
  node: NodeVersion,
  database: Database,
  folder: string,
): Promise<void> {
  for (const contestant of contestants) {
    const server = await start(contestant, node, database, folder);
    try {
      const ask = async (route: string) =>
        (await fetch(new URL(route, server.url))).json() as Promise<object>;
      assert.deepEqual(await ask('/'), MESSAGE, `${contestant.name}: GET /`);
      if (contestant.hasDatabase) {
        const { engine, version, banner } = (await ask('/connect')) as Record<string, string>;
        assert.equal(engine, 'PostgreSQL', `${contestant.name}: GET /connect`);
        assert.ok(banner?.startsWith(`PostgreSQL ${version} `), `${contestant.name}: GET /connect`);
      }
    } finally {
      await server.stop();
    }
  }
}
