import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The rehearsal's one folder: everything that it and its programs write, temporary files included, lies in it. */
export class Workspace {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Workspace> {
    const folder = await mkdtemp(path.join(tmpdir(), 'slipway-rehearsal-'));
    // PostgreSQL runs as a user of its own where the rehearsal runs as root.
    await chmod(folder, 0o755);
    for (const name of ['temporary', 'logs', 'tasks', 'plugins']) {
      await mkdir(path.join(folder, name));
    }
    process.env['TMPDIR'] = path.join(folder, 'temporary');
    return new Workspace(folder);
  }

  /** Where the logs of programs lie, those of the tasks apart. */
  get logs(): string {
    return path.join(this.folder, 'logs');
  }

  /** Where the tasks' logs lie. */
  get tasks(): string {
    return path.join(this.folder, 'tasks');
  }

  /** Where Terraform keeps the provider. */
  get plugins(): string {
    return path.join(this.folder, 'plugins');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
