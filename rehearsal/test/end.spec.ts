import { expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { emulatorPython } from '@slipway/test-helpers/emulator/emulator';
import { ROOT } from '@slipway/test-helpers/root';
import { Program } from './support/program.ts';

const NOTHING = { files: [], processes: [] };

/** Performs the beginning of a quick rehearsal. */
function rehearse(...wishes: string[]): { program: Program; report: string } {
  const report = path.join('.data', `test-${process.hrtime.bigint()}.html`);
  return { program: new Program('rehearsal/test/support/quick-rehearsal.ts', report, ...wishes), report };
}

function removeReport(report: string): void {
  for (const file of [report, report.replace(/html$/, 'json')]) {
    rmSync(path.join(ROOT, file), { force: true });
  }
}

describeNeeds(
  emulatorPython,
  findTool('aws'),
  findTool('jq'),
)('the end of a rehearsal', () => {
  it.concurrent.each([
    ['the emulator starts', 'start the AWS emulator'],
    ['the database starts', 'make the service, the redeployer'],
    ['the first tasks start', 'push commit A'],
    ['a release is rolled out under load', 'push commit B'],
  ])(
    'leaves no process and no file when it is interrupted while %s',
    async (_when, step) => {
      const { program, report } = rehearse();
      await program.says(`❯ ${step}`);
      program.signal('SIGINT');

      expect(await program.end()).toBe(130);
      expect(program.leftovers()).toEqual(NOTHING);
      expect(program.output).toContain('SIGINT: everything is being taken down');
      removeReport(report);
      rmSync(program.folder, { recursive: true });
    },
    300_000,
  );

  it.concurrent(
    'leaves everything up where it is told to, until a signal',
    async () => {
      const { program, report } = rehearse('keep');
      await program.says('  workspace ');
      const service = /^ {2}service +(http:\S+)/m.exec(program.output)?.[1] ?? '';
      expect((await fetch(`${service}/connect`)).status).toBe(200);
      const aws = /AWS_ENDPOINT_URL=(\S+)/.exec(program.output)?.[1] ?? '';
      expect(await (await fetch(`${aws}/_emulator/services`)).json()).toMatchObject({
        services: [{ desiredCount: 1 }],
      });
      program.signal('SIGINT');

      expect(await program.end()).toBe(0);
      expect(program.leftovers()).toEqual(NOTHING);
      removeReport(report);
      rmSync(program.folder, { recursive: true });
    },
    300_000,
  );

  it.concurrent(
    'leaves no process and no file after a failure, which its last line tells',
    async () => {
      const { program, report } = rehearse('fail');

      expect(await program.end()).toBe(1);
      expect(program.leftovers()).toEqual(NOTHING);
      expect(program.result).toMatchObject({
        environment: 'quick',
        requests: { sent: expect.any(Number), failed: 0 },
        secondsFromPushToRollout: expect.any(Number),
        report,
        steps: [
          { title: 'start the AWS emulator', status: 'done' },
          { status: 'done' },
          { status: 'done', detail: '1 tasks' },
          { title: expect.stringContaining('moves from A to B'), status: 'done' },
          { title: 'fail', status: 'failed', detail: 'as the test wants it' },
          { title: 'end the load', status: 'not reached' },
        ],
      });
      expect((program.result as { requests: { sent: number } }).requests.sent).toBeGreaterThan(100);
      removeReport(report);
      rmSync(program.folder, { recursive: true });
    },
    300_000,
  );
});
