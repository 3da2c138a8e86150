import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { python } from '../../../rehearsal/python.ts';
import { ROOT } from '../root.ts';
import { describeNeeds } from '../tools/tools.ts';

/** The interpreter for the emulator, where it has moto. */
export const emulatorPython =
  spawnSync(python(), ['-c', 'import moto.server']).status === 0 ? python() : undefined;

/** `describe` for tests that need the emulator: skipped, so that the report shows it, where moto is not installed. */
export const describeEmulator = describeNeeds(emulatorPython);

export interface Emulator {
  url: string;
  /** Sends SIGTERM and resolves to the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts an emulator on a free port.
 * @throws Error with what it printed when it does not come up.
 */
export async function startEmulator(...options: string[]): Promise<Emulator> {
  const script = path.join(ROOT, 'rehearsal/emulator/serve.py');
  const child = spawn(python(), [script, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit');
  const first = createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const line = await Promise.race([first, ended.then(() => undefined)]);
  if (line === undefined || line.done) throw new Error(`The emulator did not start: ${errors}`);
  const { port } = JSON.parse(line.value) as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}
