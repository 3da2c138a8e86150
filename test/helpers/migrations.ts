import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './root.ts';
import type { LogLine } from './service-process.ts';

/** The built `dist/migrate.js` with migrations of the test's own. */
export class Migrations {
  private readonly root = mkdtempSync(path.join(tmpdir(), 'slipway-migrations-'));

  /** @param options.withOwn whether the service's own migrations come first */
  constructor({ withOwn = false } = {}) {
    for (const name of ['package.json', 'dist/migrate.js']) {
      cpSync(path.join(ROOT, name), path.join(this.root, name));
    }
    mkdirSync(this.folder, { recursive: true });
    if (withOwn) {
      cpSync(path.join(ROOT, 'service/migrations'), this.folder, { recursive: true });
    }
  }

  private get folder(): string {
    return path.join(this.root, 'service/migrations');
  }

  write(file: string, sql: string): void {
    writeFileSync(path.join(this.folder, file), sql);
  }

  start(variables: Record<string, string>): MigrationRun {
    const { PATH } = process.env;
    return new MigrationRun(
      spawn(process.execPath, ['dist/migrate.js'], { cwd: this.root, env: { PATH, ...variables } }),
    );
  }

  /** Runs it to its end. */
  async run(variables: Record<string, string>): Promise<{ code: number | null; log: LogLine[] }> {
    const run = this.start(variables);
    const code = await run.exit;
    return { code, log: run.log };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export class MigrationRun {
  /** All that it wrote. */
  output = '';
  /** Its exit code; null where a signal ended it. */
  readonly exit: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => (this.output += chunk));
    child.stderr?.on('data', (chunk) => (this.output += chunk));
    this.exit = once(child, 'close').then(([code]) => code as number | null);
  }

  /** A line an object; a line that is not JSON fails. */
  get log(): LogLine[] {
    return this.output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}
