/**
 * `npm run drill`: faults, made for real, under steady load. The last lines are a table of what was done and what it
 * cost; exit code 1 when a guarantee was broken. `--quick` is shorter; names of drills, or parts of them, choose some.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { INTERRUPTED, interruption } from '@slipway/test-helpers/interruption';
import { ROOT } from '@slipway/test-helpers/root';
import { DATABASE, SECOND_PASSWORD } from './drill/database.ts';
import type { Drill } from './drill/drill.ts';
import { HOSTILE } from './drill/hostile-clients.ts';
import { REPLACING } from './drill/replacing.ts';
import { RESOURCES } from './drill/resources.ts';
import { FIRST_PASSWORD, Stage } from './drill/stage.ts';
import { judge, PATIENT, GUARANTEES, type Outcome } from './drill/verdict.ts';
import { say } from './lib/say.ts';
import { table, tidy } from './lib/table.ts';

const EXPLANATION = `100 requests a second, half of them \`GET /\` and half \`GET /connect\`, while each fault is made. _Failed_: no answer, or the balancer's own. _In error_: the documented 503. _Recovered after_: until when after the fault's end a request that was sent still went wrong.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const all = [...REPLACING, ...DATABASE, ...HOSTILE, ...RESOURCES];
const chosen = all.filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
);

if (chosen.length === 0) {
  process.stderr.write(`There is no such drill; there are: ${all.map(({ name }) => name).join(', ')}.\n`);
  process.exit(1);
}

const folder = await mkdtemp(path.join(tmpdir(), 'slipway-drill-'));
const stage = await Stage.build(folder, values.quick);
const rows: string[][] = [];
const broken: string[] = [];
try {
  for (const drill of chosen) {
    interruption.throwIfAborted();
    say(drill.name);
    const outcome = await runDrill(drill);
    rows.push(row(drill, outcome));
    broken.push(...outcome.broken.map((what) => `BROKEN: ${drill.name}: ${what}\n`));
  }
  interruption.throwIfAborted();
  const head = ['fault', 'what was done', 'sent', 'failed', 'in error', 'recovered after', 'guarantees'];
  const result = await tidy(table(head, rows, [2, 3, 4]));
  if (!values.quick && chosen.length === all.length) {
    const text = await tidy(`# What \`npm run drill\` found\n\n${EXPLANATION}\n\n${result}`);
    await writeFile(path.join(ROOT, 'bench/results/drill.md'), text);
  }
  process.stdout.write(`${broken.join('')}\n${result}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
} catch (error) {
  if (!interruption.aborted) {
    throw error;
  }
  process.exitCode = INTERRUPTED;
} finally {
  await stage.clear();
  await rm(folder, { recursive: true, force: true });
}

async function runDrill(drill: Drill): Promise<Outcome & { note: string }> {
  try {
    const seen = await drill.run(stage);
    const { logs, broken: ends } = await stage.stopServices();
    const guarantees = { ...GUARANTEES, ...drill.guarantees, ...(values.quick ? PATIENT : {}) };
    const outcome = judge(seen, guarantees, logs, [FIRST_PASSWORD, SECOND_PASSWORD]);
    const { broken: found = [], note = '' } = seen;
    return { ...outcome, note, broken: [...found, ...ends, ...outcome.broken] };
  } catch (error) {
    await stage.stopServices();
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { sent: 0, failed: 0, inError: 0, recoveredAfter: 0, broken: [what], note: '' };
  }
}

function row({ name, what }: Drill, outcome: Outcome & { note: string }): string[] {
  return [
    name,
    [what, outcome.note].filter(Boolean).join('; '),
    String(outcome.sent),
    String(outcome.failed),
    String(outcome.inError),
    outcome.recoveredAfter === 0 ? 'at once' : `${Math.round(outcome.recoveredAfter)} ms`,
    outcome.broken.length === 0 ? 'held' : '**broken**',
  ];
}
