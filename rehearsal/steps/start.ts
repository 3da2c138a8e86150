import type { Balancer } from '../balancer/balancer.mjs';
import { Load } from '../load/load.ts';
import { straightToTasks, throughBalancer } from '../load/send.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { DatabaseAccess } from '../stage/database-access.ts';
import { Database, type DatabaseOutputs } from '../stage/database.ts';
import { LogDelivery } from '../stage/log-delivery.ts';
import type { Stage } from '../stage/stage.ts';

/** Starts PostgreSQL behind a simulated RDS. @param resource the id by which IAM knows the database */
export async function startDatabase(
  stage: Stage,
  outputs: DatabaseOutputs,
  secret: { username: string; password: string },
  resource: string,
): Promise<void> {
  const { region, account } = stage.environment;
  const access = stage.add('access', await DatabaseAccess.open(region));
  const door = access.to(`arn:aws:rds-db:${region}:${account}:dbuser:${resource}`);
  stage.add('databaseOutputs', outputs);
  stage.add('database', await Database.start(outputs, secret, stage.workspace.folder, door));
}

/**
 * Starts what runs the tasks, and makes the load, which waits for the first of them.
 *
 * @param role the tasks'
 * @param balancer what stands in front of them; without one each is reached by its own address
 */
export async function startScheduler(
  stage: Stage,
  role: string,
  balancer?: Balancer,
  deregistrationDelay = 0,
): Promise<void> {
  await stage.get('access').learn(stage.aws, role);
  const delivery = new LogDelivery(stage.emulator.url, stage.environment.region);
  const scheduler = stage.add(
    'scheduler',
    new Scheduler({
      control: (route, body) => stage.emulator.control(route, body),
      describe: (definition) => stage.taskDefinition(definition),
      pull: (reference) => stage.get('registry').pull(reference),
      variablesOf: (of) => stage.get('access').variablesOf(of),
      deliver: (group, stream, lines) => delivery.deliver(group, stream, lines),
      processes: stage.processes,
      balancer,
      deregistrationDelay,
      database: stage.get('database').route,
      folder: stage.workspace.tasks,
      tell: (text) => stage.timeline.tell('task', text),
    }),
  );
  const send =
    balancer === undefined
      ? straightToTasks(() => scheduler.healthy.map(({ settings }) => settings.port))
      : throughBalancer(balancer.url);
  const load = new Load(send, {
    answered(label) {
      stage.timeline.answered(label);
      stage.timeline.sample(scheduler.current.map((task) => task.shownState));
    },
    failed: (reason) => stage.timeline.failed(reason),
  });
  stage.add('load', load);
  scheduler.start((error) => stage.break(error));
}
