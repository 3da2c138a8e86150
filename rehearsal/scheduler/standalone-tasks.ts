import type { Processes } from '../stage/processes.ts';
import { ContainerProcess } from './container-process.ts';
import type { Containers } from './containers.ts';

/** A task that RunTask started, as the emulator shows it. */
interface SeenTask {
  arn: string;
  taskDefinition: string;
  desiredStatus: 'RUNNING' | 'STOPPED';
}

/** Runs what RunTask asked for, each to its end. */
export class StandaloneTasks {
  private readonly running = new Map<string, ContainerProcess>();
  private readonly stopping = new Set<string>();
  /** The commit and the exit code of each that has ended. */
  readonly ended: { commit: string; exitCode: number }[] = [];

  /** @param tell hears of each start and end */
  constructor(
    private readonly control: <T>(route: string, body?: object) => Promise<T>,
    private readonly containers: Containers,
    private readonly processes: Processes,
    private readonly tell: (text: string) => void,
  ) {}

  /** Starts what is new, stops what shall stop, and reports what has ended. */
  async look(): Promise<void> {
    const { tasks } = await this.control<{ tasks: SeenTask[] }>('standalone-tasks');
    for (const task of tasks) {
      const container = this.running.get(task.arn);
      if (container === undefined) {
        await this.start(task);
      } else if (container.hasEnded) {
        await this.end(task, container);
      } else if (task.desiredStatus === 'STOPPED' && !this.stopping.has(task.arn)) {
        this.stopping.add(task.arn);
        void container.stop();
      }
    }
  }

  private async start({ arn, taskDefinition }: SeenTask): Promise<void> {
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    const { settings } = await this.containers.prepare(taskDefinition, id);
    this.running.set(arn, new ContainerProcess(settings, this.processes));
    await this.control('standalone-tasks/report', { task: arn, status: 'RUNNING' });
    this.tell(`release command of ${settings.image.commit.slice(0, 7)} started`);
  }

  private async end({ arn }: SeenTask, container: ContainerProcess): Promise<void> {
    // Its log is whole before anybody hears of its end.
    await this.containers.deliver(container);
    // As a shell counts it where a signal ended the program.
    const exitCode = container.exitCode ?? 137;
    const { commit } = container.settings.image;
    this.tell(`release command of ${commit.slice(0, 7)} ended with code ${exitCode}`);
    await this.control('standalone-tasks/report', { task: arn, status: 'STOPPED', exitCode });
    this.ended.push({ commit, exitCode });
    this.running.delete(arn);
    this.stopping.delete(arn);
  }
}
