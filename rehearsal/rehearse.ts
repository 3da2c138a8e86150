/** `npm run rehearse`: the whole loop on one machine. README.md in this folder says what is real and what is played. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Listr, PRESET_TIMER } from 'listr2';
import { readOptions, USAGE, type Options } from './options.ts';
import { collect, hasFailed, type StepResult } from './report/result.ts';
import { page } from './report/page.ts';
import { jsonLine, summary } from './report/summary.ts';
import { findMissing, python } from './requirements.ts';
import { readEnvironment } from './stage/environment.ts';
import { ROOT } from './stage/root.ts';
import { Stage } from './stage/stage.ts';
import { steps as stepsOf } from './steps/index.ts';

/** As a shell reports a program that Ctrl-C ended. */
const INTERRUPTED = 130;

const options = read();
const missing = await findMissing();
if (missing !== undefined) {
  fail(missing);
}
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort(new Error(`${signal}: everything is being taken down`)));
}
process.exit(await rehearse(options, interrupted.signal));

/** @returns the exit code */
async function rehearse({ environment, keep, json }: Options, signal: AbortSignal): Promise<number> {
  const startedAt = new Date();
  const results: StepResult[] = [];
  let stage: Stage | undefined;
  const perform = async (title: string, work: () => Promise<string | undefined>) => {
    const begun = performance.now();
    const note = (status: StepResult['status'], detail: string) =>
      results.push({ title, status, detail, seconds: Math.round((performance.now() - begun) / 100) / 10 });
    stage?.timeline.tell('step', title);
    try {
      const detail = await Promise.race([work(), rejectionOf(signal)]);
      note('done', detail ?? '');
      return detail;
    } catch (error) {
      note('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
  const open = async () => {
    stage = await Stage.open(readEnvironment(environment), python(), signal);
    return `port ${new URL(stage.emulator.url).port}`;
  };
  const planned = [
    { title: 'start the AWS emulator', run: open },
    ...stepsOf(keep).map(({ title, run }) => ({
      title,
      run: () => (stage === undefined ? Promise.reject(new Error('There is no stage')) : run(stage)),
    })),
  ];
  const list = new Listr(
    planned.map(({ title, run }) => ({
      title,
      task: async (_context: unknown, task: { title: string }) => {
        const detail = await perform(title, run);
        task.title = detail === undefined ? title : `${title}: ${detail}`;
      },
    })),
    {
      renderer: json || !process.stdout.isTTY ? 'simple' : 'default',
      rendererOptions: { timer: PRESET_TIMER },
      registerSignalListeners: false,
    },
  );
  try {
    await list.run().catch(() => {});
    for (const { title } of planned.slice(results.length)) {
      results.push({ title, status: 'not reached', detail: '', seconds: 0 });
    }
    const result = collect(stage, environment, startedAt, results);
    const report =
      result.timeline.answers.length > 0 ? await writeReport(environment, page(result)) : undefined;
    print(`\n${summary(result, report)}`);
    if (keep && !hasFailed(result) && stage !== undefined) {
      await hold(stage, signal);
    }
    // The last line, whatever is printed on the way down.
    process.on('exit', () => json && print(jsonLine(result, report)));
    return signal.aborted && !keep ? INTERRUPTED : Number(hasFailed(result));
  } finally {
    await stage?.close();
  }
}

async function writeReport(environment: string, text: string): Promise<string> {
  const file = path.join('.data', `rehearsal-${environment}.html`);
  await mkdir(path.join(ROOT, path.dirname(file)), { recursive: true });
  await writeFile(path.join(ROOT, file), text);
  return file;
}

/** Leaves everything up until somebody ends it. */
async function hold(stage: Stage, signal: AbortSignal): Promise<void> {
  const addresses = stage.has('balancer')
    ? [stage.get('balancer').url]
    : stage.get('scheduler').healthy.map(({ settings }) => `http://127.0.0.1:${settings.port}`);
  print(`\nLeft up until Ctrl-C:
  service    ${addresses.join(' ')}
  AWS        export AWS_ENDPOINT_URL=${stage.emulator.url} AWS_REGION=${stage.environment.region} AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal
  workspace  ${stage.workspace.folder}`);
  // The signal alone would not keep this process alive.
  const alive = setInterval(() => {}, 60_000);
  await rejectionOf(signal).catch(() => {});
  clearInterval(alive);
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = () => reject(signal.reason as Error);
    signal.addEventListener('abort', refuse, { once: true });
    if (signal.aborted) {
      refuse();
    }
  });
}

function read(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
