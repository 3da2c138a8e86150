import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';
import { providerSource } from '@slipway/test-helpers/terraform/provider-source';
import type { Balancer } from '../balancer/balancer.mjs';
import type { Load, Tally } from '../load/load.ts';
import { Timeline } from '../report/timeline.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { SeenService, TaskDefinition } from '../scheduler/services.ts';
import { Aws, awsEnvironment } from './aws.ts';
import { Commands } from './commands.ts';
import type { DatabaseAccess } from './database-access.ts';
import type { Database, DatabaseOutputs } from './database.ts';
import { Emulator } from './emulator.ts';
import type { Environment } from './environment.ts';
import { Layers } from './layers.ts';
import type { Pipeline } from './pipeline.ts';
import { Processes } from './processes.ts';
import { terraformProgram } from './terraform-program.ts';
import type { Image, Registry } from './registry.ts';
import { Workspace } from './workspace.ts';

/** What the application layer puts out. */
export interface ApplicationOutputs {
  service: { name: string; cluster: string; repository: string; container: string };
  redeployer: {
    function_name: string;
    outcome_topic_arn: string;
  };
}

/** An outcome that the redeployer published. */
export interface Outcome {
  commit: string;
  outcome: string;
  reason: string;
  /** Where it was not the rollout that failed. */
  phase?: 'release-command';
  exitCode?: number;
  logStream?: string;
}

/** What something cost, until all was well again. */
export type Cost = Tally & { seconds: number };

/** What comes up in the course of the rehearsal. */
interface Parts {
  databaseOutputs: DatabaseOutputs;
  outputs: ApplicationOutputs;
  /** Name of the rule whose schedule triggers the redeployer. */
  scheduleRule: string;
  access: DatabaseAccess;
  database: Database;
  balancer: Balancer;
  registry: Registry;
  scheduler: Scheduler;
  load: Load;
}

/** Everything that is up, and the way to take it down again, whatever happened. */
export class Stage {
  readonly timeline = new Timeline();
  readonly images = new Map<string, Image>();
  /** Every secret value that came about; none may be in a log. */
  readonly secrets = new Set<string>();
  /** Under the guarantee that none fails, and apart from them those of what nothing can prevent. */
  readonly requests: Tally = { sent: 0, failed: 0, lookedUpAgain: 0 };
  killed: Cost | undefined;
  erring: Cost | undefined;
  secondsFromPushToRollout: number | undefined;
  private readonly up: Partial<Parts> = {};

  private constructor(
    readonly environment: Environment,
    readonly workspace: Workspace,
    readonly processes: Processes,
    readonly commands: Commands,
    readonly emulator: Emulator,
    readonly aws: Aws,
    readonly layers: Layers,
    readonly pipeline: Pipeline,
    /** Aborts when the rehearsal is interrupted, or when a part of it broke that nobody waits for. */
    readonly signal: AbortSignal,
    private readonly broken: AbortController,
  ) {}

  /** Makes the workspace and starts the emulator. @param python the interpreter that has moto */
  static async open(
    environment: Environment,
    python: string,
    pipeline: Pipeline,
    interrupted: AbortSignal,
  ): Promise<Stage> {
    const broken = new AbortController();
    const signal = AbortSignal.any([interrupted, broken.signal]);
    setMaxListeners(0, signal);
    const workspace = await Workspace.make();
    const processes = new Processes();
    try {
      const commands = new Commands(processes, workspace.logs, signal);
      const log = path.join(workspace.logs, 'emulator.log');
      const emulator = await Emulator.start(processes, python, environment.account, log);
      const env = {
        ...providerSource(terraformProgram()),
        SLIPWAY_TERRAFORM: terraformProgram(),
        // One copy of the provider for all layers.
        TF_PLUGIN_CACHE_DIR: workspace.plugins,
        ...awsEnvironment(emulator.url, environment.region),
      };
      const aws = new Aws(commands, env);
      const layers = new Layers(commands, environment.name, workspace.folder, env);
      return new Stage(
        environment,
        workspace,
        processes,
        commands,
        emulator,
        aws,
        layers,
        pipeline,
        signal,
        broken,
      );
    } catch (error) {
      await processes.close();
      await workspace.remove();
      throw error;
    }
  }

  /** Brings something up. */
  add<K extends keyof Parts>(name: K, value: Parts[K]): Parts[K] {
    this.up[name] = value;
    return value;
  }

  /** What an earlier step brought up. */
  get<K extends keyof Parts>(name: K): Parts[K] {
    const value = this.up[name];
    if (value === undefined) {
      throw new Error(`There is no ${name} yet`);
    }
    return value;
  }

  has(name: keyof Parts): boolean {
    return this.up[name] !== undefined;
  }

  /** Ends the step that is being performed with this error. */
  break(error: unknown): void {
    this.broken.abort(error);
  }

  image(name: string): Image {
    const image = this.images.get(name);
    if (image === undefined) {
      throw new Error(`There is no image ${name} yet`);
    }
    return image;
  }

  /** The service as the emulator shows it. */
  async service(): Promise<SeenService> {
    const { services } = await this.emulator.control<{ services: SeenService[] }>('services');
    const service = services.find(({ name }) => name === this.get('outputs').service.name);
    if (service === undefined) {
      throw new Error('the service is gone');
    }
    return service;
  }

  /** Ends a tally of requests that may fail. */
  async cost(since: number): Promise<Cost> {
    const seconds = Math.round((performance.now() - since) / 100) / 10;
    // What was sent until now may still fail.
    await delay(1000, undefined, { signal: this.signal });
    return { ...this.get('load').nextTally(), seconds };
  }

  async taskDefinition(name: string): Promise<TaskDefinition> {
    const { taskDefinition } = await this.aws.call<{ taskDefinition: TaskDefinition }>(
      'ecs',
      'describe-task-definition',
      '--task-definition',
      name,
    );
    return taskDefinition;
  }

  /** What the redeployer has published so far, oldest first. */
  async outcomes(): Promise<Outcome[]> {
    const topic = this.get('outputs').redeployer.outcome_topic_arn;
    const { publishes } = await this.emulator.control<{ publishes: { message: string }[] }>(
      `publishes?topic=${topic}`,
    );
    return publishes.map(({ message }) => JSON.parse(message) as Outcome);
  }

  /** Asks until something holds. @param seconds after which it is an error that it does not */
  async until<T>(what: string, seconds: number, ask: () => Promise<T | false> | T | false): Promise<T> {
    const bound = performance.now() + seconds * 1000;
    for (;;) {
      this.signal.throwIfAborted();
      const found = await ask();
      if (found !== false) {
        return found;
      }
      if (performance.now() > bound) {
        throw new Error(`${what}: not within ${seconds} s`);
      }
      await delay(250, undefined, { signal: this.signal });
    }
  }

  /** Ends the load's tally and adds it to those that may not fail. @throws {Error} when one did */
  settle(): Tally {
    const tally = this.get('load').nextTally();
    this.requests.sent += tally.sent;
    this.requests.failed += tally.failed;
    this.requests.lookedUpAgain += tally.lookedUpAgain;
    if (tally.failed > 0) {
      const reasons = this.timeline.data.events.filter(({ kind }) => kind === 'failure').slice(-5);
      throw new Error(
        `${tally.failed} of ${tally.sent} requests failed:\n${reasons.map(({ text }) => text).join('\n')}`,
      );
    }
    return tally;
  }

  /** Takes everything down and removes every file. Works at any moment, and does not fail because something is gone. */
  async close(): Promise<void> {
    const { load, scheduler, balancer, database, access } = this.up;
    // First what would otherwise complain that the rest is gone.
    const ended = scheduler?.stop();
    void load?.stop();
    await Promise.race([ended, delay(2000)]);
    await balancer?.close();
    await database?.stop();
    access?.stop();
    await this.emulator.stop();
    await this.processes.close();
    await this.workspace.remove();
  }
}
