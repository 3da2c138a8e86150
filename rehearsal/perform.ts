import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';
import { INTERRUPTED, interruption } from '@slipway/test-helpers/interruption';
import { page } from './report/page.ts';
import { collect, hasFailed, type Result, type StepResult } from './report/result.ts';
import { jsonLine, summary } from './report/summary.ts';
import type { Environment } from './stage/environment.ts';
import { ROOT } from '@slipway/test-helpers/root';
import type { Pipeline } from './stage/pipeline.ts';
import { Stage } from './stage/stage.ts';
import type { Step } from './steps/step.ts';

const OPENING = 'start the AWS emulator';

/** What is performed, and how it is told. */
export interface Programme {
  environment: Environment;
  /** The interpreter that has moto. */
  python: string;
  /** How it waits for rollouts and asks for releases. */
  pipeline: Pipeline;
  /** One after the other; those of an inner list side by side. */
  steps: (Step | Step[])[];
  /** Leave everything up at the end, until a signal. */
  keep: boolean;
  /** Plain output whose last line is one JSON object. */
  json: boolean;
  /** Where the HTML report goes, from the repository's root; what it was made from lies beside it, as JSON. */
  report: string;
}

/** Performs the steps and takes everything down, however they end. @returns the exit code */
export async function perform({
  environment,
  python,
  pipeline,
  steps,
  keep,
  json,
  report: file,
}: Programme): Promise<number> {
  const startedAt = new Date();
  const results: StepResult[] = [];
  let stage: Stage | undefined;
  const begun: Promise<unknown>[] = [];
  const runStep = (title: string, work: () => Promise<string | undefined>) => {
    const since = performance.now();
    const note = (status: StepResult['status'], detail: string) =>
      results.push({ title, status, detail, seconds: Math.round((performance.now() - since) / 100) / 10 });
    stage?.timeline.tell('step', title);
    const working = work().then(
      (detail) => {
        note('done', detail ?? '');
        return detail;
      },
      (error: unknown) => {
        note('failed', error instanceof Error ? error.message : String(error));
        throw error;
      },
    );
    begun.push(working);
    return Promise.race([working, rejectionOf(interruption)]);
  };
  const open = async () => {
    stage = await Stage.open(environment, python, pipeline, interruption);
    return `port ${new URL(stage.emulator.url).port}`;
  };
  const task = (title: string, run: () => Promise<string | undefined>) => ({
    title,
    task: async (_context: unknown, shown: { title: string }) => {
      const detail = await runStep(title, run);
      shown.title = detail === undefined ? title : `${title}: ${detail}`;
    },
  });
  const taskOf = (step: Step) =>
    task(step.title, () =>
      stage === undefined ? Promise.reject(new Error('There is no stage')) : step.run(stage),
    );
  const titles = [OPENING, ...steps.flat().map(({ title }) => title)];
  const list = new Listr(
    [
      task(OPENING, open),
      ...steps.map((one): ListrTask =>
        Array.isArray(one)
          ? {
              title: 'side by side',
              task: (_context, shown) => shown.newListr(one.map(taskOf), { concurrent: true }),
            }
          : taskOf(one),
      ),
    ],
    {
      renderer: json || !process.stdout.isTTY ? 'simple' : 'default',
      rendererOptions: { timer: PRESET_TIMER },
      registerSignalListeners: false,
    },
  );
  try {
    await list.run().catch(() => {});
    // What was interrupted, or went on beside what failed, ends by itself; what it has brought up is taken down with the rest.
    await Promise.allSettled(begun);
    const ended = titles.map(
      (title): StepResult =>
        results.find((one) => one.title === title) ?? {
          title,
          status: 'not reached',
          detail: '',
          seconds: 0,
        },
    );
    const result = collect(stage, environment.name, startedAt, ended);
    const report = result.timeline.answers.length > 0 ? await write(file, result) : undefined;
    print(`\n${summary(result, report)}`);
    if (keep && !hasFailed(result) && stage !== undefined) {
      await hold(stage);
    }
    // The last line, whatever is printed on the way down.
    process.on('exit', () => json && print(jsonLine(result, report)));
    return interruption.aborted && !keep ? INTERRUPTED : Number(hasFailed(result));
  } finally {
    await stage?.close();
  }
}

async function write(file: string, result: Result): Promise<string> {
  const html = path.join(ROOT, file);
  await mkdir(path.dirname(html), { recursive: true });
  await writeFile(html, page(result));
  await writeFile(html.replace(/html$/, 'json'), `${JSON.stringify(result)}\n`);
  return file;
}

/** Leaves everything up until somebody ends it. */
async function hold(stage: Stage): Promise<void> {
  const addresses = stage.has('balancer')
    ? [stage.get('balancer').url]
    : stage.get('scheduler').healthy.map(({ settings }) => `http://127.0.0.1:${settings.port}`);
  print(`\nLeft up until Ctrl-C:
  service    ${addresses.join(' ')}
  AWS        export AWS_ENDPOINT_URL=${stage.emulator.url} AWS_REGION=${stage.environment.region} AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal
  workspace  ${stage.workspace.folder}`);
  // The signal alone would not keep this process alive.
  const alive = setInterval(() => {}, 60_000);
  await rejectionOf(interruption).catch(() => {});
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

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
