import assert from 'node:assert/strict';
import { MESSAGE } from '../peers/peer.mjs';
import { PROGRAMS, start, type Place } from '../programs.ts';

/** Only what gives the same right answers may be compared: fails when a program does not. */
export async function checkAnswers(place: Place): Promise<void> {
  for (const program of PROGRAMS) {
    const server = await start(program, place);
    try {
      const ask = async (route: string) =>
        (await fetch(new URL(route, server.url))).json() as Promise<Record<string, string>>;
      assert.deepEqual(await ask('/'), MESSAGE, `${program.name}: GET /`);
      const { engine, version, banner } = await ask('/connect');
      assert.equal(engine, 'PostgreSQL', `${program.name}: GET /connect`);
      assert.ok(banner?.startsWith(`PostgreSQL ${version} `), `${program.name}: GET /connect`);
    } finally {
      await server.stop();
    }
  }
}
