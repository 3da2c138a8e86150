import path from 'node:path';
import type { Image } from '../stage/registry.ts';
import type { ContainerProcess, ContainerSettings } from './container-process.ts';
import type { ContainerDefinition, TaskDefinition } from './services.ts';

/** ECS's own, in seconds, where a container definition names none. */
const STOP_TIMEOUT = 30;

/** What containers are made with. */
export interface ContainerStage {
  /** Asks the emulator's control API. */
  control<T>(route: string, body?: object): Promise<T>;
  describe(taskDefinition: string): Promise<TaskDefinition>;
  pull(reference: string): Image;
  /** What ECS adds to the environment of a task of this role. */
  variablesOf(role: string | undefined): Record<string, string>;
  /** Delivers lines to CloudWatch, as the log driver `awslogs` does. */
  deliver(group: string, stream: string, lines: string[]): Promise<void>;
  /** How tasks find the database. */
  database: object;
  /** Absolute; gets the tasks' logs. */
  folder: string;
}

/** Makes containers of task definitions, and delivers what they write. */
export class Containers {
  private readonly definitions = new Map<string, TaskDefinition>();

  constructor(private readonly stage: ContainerStage) {}

  /** The one container of a task, with the secrets of this moment. @param task its id */
  async prepare(
    definition: string,
    task: string,
  ): Promise<{ settings: ContainerSettings; container: ContainerDefinition }> {
    const { containerDefinitions, taskRoleArn } = await this.definition(definition);
    const [container] = containerDefinitions;
    if (container === undefined) {
      throw new Error(`${definition} has no container`);
    }
    const { containers } = await this.stage.control<{
      containers: { environment: Record<string, string>; secrets: Record<string, string> }[];
    }>('task-environment', { taskDefinition: definition });
    const settings = {
      image: this.stage.pull(container.image),
      command: container.command,
      environment: {
        ...this.stage.variablesOf(taskRoleArn),
        ...containers[0]?.environment,
        ...containers[0]?.secrets,
      },
      stopTimeout: container.stopTimeout ?? STOP_TIMEOUT,
      database: this.stage.database,
      log: logOf(container, task),
      file: path.join(this.stage.folder, `${task}.log`),
    };
    return { settings, container };
  }

  /** What a container wrote since the last time goes to CloudWatch. */
  async deliver(container: ContainerProcess): Promise<void> {
    const lines = container.takeLines();
    const { log } = container.settings;
    if (log && lines.length > 0) {
      await this.stage.deliver(log.group, log.stream, lines);
    }
  }

  private async definition(arn: string): Promise<TaskDefinition> {
    const known = this.definitions.get(arn) ?? (await this.stage.describe(arn));
    this.definitions.set(arn, known);
    return known;
  }
}

/** As the log driver names its streams. */
function logOf({ name, logConfiguration }: ContainerDefinition, task: string) {
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = logConfiguration?.options ?? {};
  return group === undefined ? undefined : { group, stream: `${prefix}/${name}/${task}` };
}
