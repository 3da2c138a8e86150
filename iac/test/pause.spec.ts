import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { IAC } from '@slipway/test-helpers/terraform/layers';
import { execute, type StateMachine, type World } from './support/state-machine.ts';

/** As application/pause.tf fills it in. */
const machine = JSON.parse(
  Object.entries({
    database: 'slipway-development',
    minimum: '2',
    redeployer: 'arn:aws:lambda:us-east-1:111111111111:function:slipway-development-redeployer',
    service: 'slipway-development',
    service_arn: 'arn:aws:ecs:us-east-1:111111111111:service/slipway-development/slipway-development',
  }).reduce(
    (text, [name, value]) => text.replaceAll(`\${${name}}`, value),
    readFileSync(path.join(IAC, 'application/pause.asl.json'), 'utf8'),
  ),
) as StateMachine;

/**
 * A service and its database. Models: tasks that stop a wait after they were told to, a rollout and a release command
 * that take some waits, a database that takes some waits to stop, start or end its backup, and refuses both meanwhile.
 */
class Environment implements World {
  readonly done: string[] = [];
  private readonly waits = { rollout: 0, command: 0, database: 0 };

  constructor(
    public desired = 2,
    public database = 'available',
    public paused = false,
    public family = 'slipway-development',
    waits: { rollout?: number; command?: number; database?: number } = {},
  ) {
    this.tasks = desired;
    Object.assign(this.waits, waits);
  }

  tasks: number;

  call(action: string, parameters: Record<string, unknown>): unknown {
    switch (action) {
      case 'ecs:tagResource':
        this.paused = true;
        return this.note('mark');
      case 'ecs:untagResource':
        this.paused = false;
        return this.note('unmark');
      case 'ecs:describeServices':
        return { Services: [this.service()] };
      case 'ecs:updateService':
        this.desired = Number(parameters['DesiredCount']);
        return this.note(`tasks ${this.desired}`);
      case 'ecs:listTasks':
        return { TaskArns: Array.from({ length: this.tasks + Math.min(1, this.waits.command) }, String) };
      case 'rds:describeDBInstances':
        return { DbInstances: [{ DbInstanceStatus: this.database }] };
      case 'rds:stopDBInstance':
        return this.turn('available', 'stopping');
      case 'rds:startDBInstance':
        return this.turn('stopped', 'starting');
      case 'lambda:invoke':
        return this.note(JSON.stringify(parameters['Payload']));
      default:
        throw new Error(`the environment has no ${action}`);
    }
  }

  wait(): void {
    this.tasks = this.desired;
    for (const one of ['rollout', 'command', 'database'] as const) {
      this.waits[one] = Math.max(0, this.waits[one] - 1);
    }
    if (this.waits.database === 0) {
      this.database =
        { stopping: 'stopped', starting: 'available', 'backing-up': 'available' }[this.database] ??
        this.database;
    }
  }

  private service() {
    const rollout = this.waits.rollout > 0 ? 'IN_PROGRESS' : 'COMPLETED';
    return {
      DesiredCount: this.desired,
      TaskDefinition: `arn:aws:ecs:us-east-1:111111111111:task-definition/${this.family}:7`,
      Deployments: [
        { Status: 'ACTIVE', RolloutState: 'COMPLETED' },
        { Status: 'PRIMARY', RolloutState: rollout },
      ],
    };
  }

  private turn(from: string, to: string): unknown {
    if (this.database !== from) throw new Error(`InvalidDBInstanceState: ${this.database}`);
    if (to === 'stopping' && this.tasks + this.waits.command > 0) throw new Error('tasks are there still');
    this.database = to;
    this.waits.database = 3;
    return this.note(to);
  }

  private note(what: string): unknown {
    this.done.push(what);
    return {};
  }
}

const reconcile = JSON.stringify({
  source: 'slipway',
  'detail-type': 'Reconcile Requested',
  detail: { service: 'slipway-development' },
});

describe('a pause', () => {
  test.each([
    ['a service that runs', new Environment(), ['mark', 'tasks 0', 'stopping']],
    [
      'a rollout',
      new Environment(2, 'available', false, undefined, { rollout: 3 }),
      ['mark', 'tasks 0', 'stopping'],
    ],
    [
      'a release command',
      new Environment(2, 'available', false, undefined, { command: 4 }),
      ['mark', 'tasks 0', 'tasks 0', 'tasks 0', 'stopping'],
    ],
    [
      'a backup',
      new Environment(2, 'backing-up', false, undefined, { database: 6 }),
      ['mark', 'tasks 0', 'stopping'],
    ],
    [
      'a database that RDS started by itself',
      new Environment(0, 'available', true),
      ['mark', 'tasks 0', 'stopping'],
    ],
    ['a pause', new Environment(0, 'stopped', true), ['mark', 'tasks 0']],
  ])('begins from %s', (_, environment, done) => {
    const states = execute(machine, { way: 'pause' }, environment);

    expect(states.at(-1)).toBe('Done');
    expect(environment).toMatchObject({ paused: true, desired: 0, tasks: 0, database: 'stopped', done });
  });

  test('marks the service, and lets a rollout end, before the first task stops', () => {
    const environment = new Environment(2, 'available', false, undefined, { rollout: 3 });

    const states = execute(machine, { way: 'pause' }, environment);

    expect(
      states.slice(0, states.indexOf('StopTasks')).filter((one) => one === 'WaitForRollout'),
    ).toHaveLength(3);
  });

  test.each([
    ['a pause', new Environment(0, 'stopped', true), ['starting', 'tasks 2', 'unmark', reconcile]],
    [
      'a database that RDS started by itself',
      new Environment(0, 'available', true),
      ['tasks 2', 'unmark', reconcile],
    ],
    [
      'a service without a release',
      new Environment(0, 'stopped', true, 'slipway-development-template'),
      ['starting', 'unmark', reconcile],
    ],
    ['a service that scaled out', new Environment(3), ['unmark', reconcile]],
  ])('ends from %s', (_, environment, done) => {
    const states = execute(machine, { way: 'resume' }, environment);

    expect(states.at(-1)).toBe('Done');
    expect(environment).toMatchObject({ paused: false, database: 'available', done });
  });

  test('takes no other word', () => {
    const environment = new Environment();

    expect(execute(machine, { way: 'stop' }, environment)).toEqual(['Way', 'Unknown']);
    expect(environment.done).toEqual([]);
  });
});
