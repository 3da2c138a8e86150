import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { settingsOf, walk, type Step } from '@slipway/test-helpers/terraform/changes';
import { LAYERS, ROOTS, type Layer, type Root } from '@slipway/test-helpers/terraform/layers';
import { eventually } from '@slipway/test-helpers/eventually';
import { describeEmulator } from '@slipway/test-helpers/emulator/emulator';
import { exceptions, isAllowed, type Statement } from './authorisation.ts';
import { option, planTogether, type Batch, type Settings } from './changes.ts';
import { Environment } from './environment.ts';
import { valuesOf, type Change, type Plan, type Resource } from './plan.ts';
import { refusedBy } from './permissions.ts';
import type { Surroundings } from './requests.ts';
import { complaintsAbout, policiesOf } from './policies.ts';

/** The plan of each layer, made before anything was there. */
export type Planned = Record<Layer, Change[]>;

const COMMIT = 'a'.repeat(40);

/** What one environment does in its own way. */
interface Particulars {
  /** Changes that are planned only. */
  batches: Batch[];
  /** By layer, the options that lift protection before the environment can be destroyed. */
  lifted?: Partial<Record<Layer, string[]>>;
  /** Its database comes back from the snapshot that it left: the same for every exposure, and minutes of waiting. */
  isRestored?: boolean;
  /** Changes of several layers, each applied on what the one before left. */
  steps?: Step[];
}

/**
 * Takes one environment through its life: bootstrap, each layer, a second plan, the changes that iac/README.md knows, a
 * release, a changed template, and its end.
 * @param expectGuarantees what its exposure guarantees.
 */
export function describeApplied(
  name: string,
  expectGuarantees: (planned: Planned) => void,
  { batches, lifted = {}, isRestored = false, steps = [] }: Particulars,
): void {
  describeEmulator(`the environment ${name}`, () => {
    const seconds: Record<string, Record<string, number>> = {};
    const planned = {} as Planned;
    const applied = {} as Record<Root, Resource[]>;
    const settings = {} as Record<Root, Settings>;
    let environment: Environment;

    beforeAll(async () => {
      environment = await Environment.start(name);
    });

    afterAll(async () => {
      await environment.stop();
      process.stdout.write(`${table(name, seconds, applied)}\n`);
    });

    test('is bootstrapped, its state moved into the bucket', async () => {
      expect(await timed('bootstrap', 'apply', () => environment.bootstrap())).toEqual(ended(0));

      const state = await environment.aws<{ ServerSideEncryption: string }>(
        's3api',
        'head-object',
        '--bucket',
        environment.bucket,
        '--key',
        `${name}/bootstrap.tfstate`,
      );
      expect(state.ServerSideEncryption).toBe('aws:kms');
    });

    test.each(LAYERS)('has %s applied', async (layer) => {
      const { code, output, plan } = await timed(layer, 'plan', () => environment.plan(layer));
      expect({ code, output }).toEqual(ended(2));
      planned[layer] = plan.resource_changes;

      expect(await timed(layer, 'apply', () => environment.apply(layer))).toEqual(ended(0));
    });

    test.each(ROOTS)('has nothing to change in %s afterwards', async (root) => {
      const { plan, ...second } = await timed(root, 'second plan', () => environment.plan(root));
      expect(second).toEqual(ended(0));

      applied[root] = await environment.resources(root);
      settings[root] = Object.fromEntries(
        Object.entries(plan.variables ?? {}).map(([variable, { value }]) => [variable, value]),
      );
    });

    test.each(batches)('plans a change as the table says: $name', async (batch) => {
      const change = await planTogether(environment, batch, settings[batch.layer]);

      expect(change).toMatchObject({ output: expect.any(String), effect: batch.effect });
    });

    test('keeps what both exposures promise', () => {
      expectPrivateDatabase(applied);
      expectHardenedDelivery(applied);
    });

    test('keeps what its exposure promises', () => expectGuarantees(planned));

    test('allows nobody more than AWS lets be named', async () => {
      const policies = ROOTS.flatMap((root) => policiesOf(applied[root]));
      const complaints = await Promise.all(policies.map(complaintsAbout));

      expect(complaints.flat()).toEqual([]);
      // Policies that nobody read would complain of nothing.
      expect(policies.length).toBeGreaterThan(25);
    });

    test.each(exceptions)('grants what AWS evaluates for $call, and no more', ({ evaluated }) => {
      const words = wordsOf(environment, applied);
      const filled = JSON.parse(
        JSON.stringify(evaluated).replaceAll(/\b[A-Z]{3,}\b/g, (word) => words[word] ?? word),
      ) as typeof evaluated;

      const judged = filled.flatMap(({ roles, isRefused = false, ...request }) =>
        roles.map((role) => ({
          role,
          ...request,
          isRefused: !isAllowed(request, statementsOf(role), boundaryOf(role)),
          expected: isRefused,
        })),
      );

      expect(judged.filter((one) => one.isRefused !== one.expected)).toEqual([]);
      // To a role without a policy everything is refused.
      expect(judged.filter(({ role }) => statementsOf(role).length === 0)).toEqual([]);
    });

    /** The statements of every policy that a role has. */
    function statementsOf(role: string): Statement[] {
      const resources = OF_GITHUB.has(role)
        ? policiesOfRole(role, applied.bootstrap, name)
        : ROOTS.flatMap((root) => applied[root]).filter(
            ({ type, values }) =>
              type === 'aws_iam_role_policy' && values['role'] === `slipway-${name}-${role}`,
          );
      return policiesOf(resources).flatMap(({ statements }) => statements);
    }

    /** The boundary of the layers' roles; bootstrap's own have none. */
    function boundaryOf(role: string): Statement[] | undefined {
      if (OF_GITHUB.has(role)) return undefined;
      const boundary = applied.bootstrap.filter(
        ({ address }) => address === `aws_iam_policy.boundary["${name}"]`,
      );
      return policiesOf(boundary).flatMap(({ statements }) => statements);
    }

    test('has policies that fit into what IAM takes', () => {
      const policies = ROOTS.flatMap((root) => policiesOf(applied[root]));
      const over = (type: string, most: number) =>
        policies
          .filter((one) => one.type === type && size(one.text) > most)
          .map(({ address, text }) => [address, size(text)]);

      // docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      expect(over('aws_iam_policy', 6144)).toEqual([]);
      expect(over('aws_iam_role_policy', 10_240)).toEqual([]);
    });

    test('holds no secret in its state but those that the decision record names', async () => {
      const secret = valuesOf(applied.databases, 'aws_db_instance')[0]?.['master_user_secret'] as {
        secret_arn: string;
      }[];
      const { SecretString } = await environment.aws<{ SecretString: string }>(
        'secretsmanager',
        'get-secret-value',
        '--secret-id',
        secret[0]?.secret_arn ?? '',
      );
      const { password } = JSON.parse(SecretString) as { password: string };
      const states = await Promise.all(ROOTS.map((root) => environment.rawState(root)));

      expect(password.length).toBeGreaterThan(20);
      expect(states.filter((state) => state.includes(password))).toEqual([]);
      const sensitive = ROOTS.flatMap((root) => applied[root]).filter(({ values }) =>
        /"(password|secret_string)":"[^"]/.test(JSON.stringify(values)),
      );
      expect(sensitive.map(({ address }) => address)).toEqual([]);
    });

    test('runs the image that is pushed, and Terraform has nothing to say to that', async () => {
      await push(environment, COMMIT);

      await eventually(async () =>
        expect(await runningRelease(environment)).toMatchObject({ commit: COMMIT }),
      );
      expect(await environment.plan('application')).toEqual(ended(0));
    }, 120_000);

    test('releases the same image with a changed template, without being asked', async () => {
      const before = await runningRelease(environment);
      const task = { ...(settings.application['task'] as Settings), cpu: 512, memory: 2048 };
      const wider = option('task', task);
      expect(await environment.plan('application', wider)).toEqual(ended(2));

      expect(await environment.apply('application')).toEqual(ended(0));

      await eventually(async () => {
        const after = await runningRelease(environment);
        expect(after).toMatchObject({
          commit: COMMIT,
          template: expect.stringMatching(/-template:2$/),
          memory: '2048',
        });
        expect(after.arn).not.toBe(before.arn);
      });
      expect(await environment.plan('application', wider)).toEqual(ended(0));
    }, 240_000);

    const changed: Settings = {};
    if (steps.length > 0) {
      test.each(steps.map((step) => [`${step.setting} = ${JSON.stringify(step.value)}`, step] as const))(
        'goes over to %s without replacing anything that serves',
        async (_, { setting, value, layers }) => {
          changed[setting] = await withZone(environment, value);
          for (const layer of layers) {
            const { code, output, plan } = await environment.plan(layer, ...optionsOf(layer, changed));
            expect({ code, output }).not.toEqual(ended(1));
            expect(servingReplacedBy(plan)).toEqual([]);
            const done = await environment.apply(layer);
            expect(done).toEqual(ended(0));
            expect(inOrder(done.output)).toBe(true);
          }
        },
      );

      const shown = `${steps.length} of ${walk().length} steps; WALK=whole for all`;
      test.each(LAYERS)(`has nothing to change in %s after these changes (${shown})`, async (layer) => {
        expect(await environment.plan(layer, ...optionsOf(layer, changed))).toEqual(ended(0));
      });
    }

    test('lets its protection be lifted', async () => {
      for (const [layer, options] of Object.entries(lifted) as [Layer, string[]][]) {
        expect(await environment.plan(layer, ...optionsOf(layer, changed), ...options)).toEqual(ended(2));
        expect(await environment.apply(layer)).toEqual(ended(0));
      }
    });

    const gone = { code: 0, output: expect.any(String), left: [] };
    const destroyed = async (layer: Layer) => ({
      ...(await timed(layer, 'destroy', () => environment.destroy(layer, ...optionsOf(layer, changed)))),
      left: await environment.resources(layer),
    });

    test.each(['application', 'databases'] as const)('has %s destroyed', async (layer) => {
      expect(await destroyed(layer)).toEqual(gone);
    });

    test('leaves a last snapshot of its database', async () => {
      expect(await snapshots(environment)).toEqual([
        expect.stringMatching(new RegExp(`^slipway-${name}-last-of-\\d{14}$`)),
      ]);
    });

    if (isRestored)
      test('comes back with the last snapshot of its database, and leaves another one', async () => {
        const [last = ''] = await snapshots(environment);
        const postgres = settings.databases['postgres'] as Settings;
        const options = [option('postgres', { ...postgres, is_protected: false, restore_from: last })];

        expect(await environment.plan('databases', ...options)).toEqual(ended(2));
        expect(await environment.apply('databases')).toEqual(ended(0));
        expect(await environment.plan('databases', ...options)).toEqual(ended(0));

        const kept = [option('postgres', { ...postgres, is_protected: false, keeps_last_snapshot: true })];
        expect(await environment.plan('databases', ...kept)).not.toEqual(ended(1));
        expect(await environment.apply('databases')).toEqual(ended(0));
        expect(await destroyed('databases')).toEqual(gone);
        expect(new Set(await snapshots(environment)).size).toBe(2);
      });

    test.each(['security', 'connectivity'] as const)('has %s destroyed', async (layer) => {
      expect(await destroyed(layer)).toEqual(gone);
    });

    // The emulator asks nobody for permission, but it knows who called what, and what with: nothing that Terraform needs is
    // missing, on the resource and with the condition keys that AWS would look at.
    test.each(['plan', 'apply'] as const)(
      'gave the role %s leave for every call that it made',
      async (role) => {
        // Not those of changes that need more than a layer: to a bucket that is not the environment's, and to a zone of which
        // bootstrap has not been told.
        const calls = (await environment.calls(role)).filter(
          ({ path }) => !/^\/slipway-elsewhere|\/hostedzone\//.test(path),
        );

        expect(await refusedBy(statementsOf(role), calls, surroundings())).toEqual([]);
        expect(new Set(calls.map(({ call }) => call)).size).toBeGreaterThan(50);
      },
    );

    function surroundings(): Surroundings {
      const roles = ROOTS.flatMap((root) => valuesOf(applied[root], 'aws_iam_role')).map(
        ({ name: role, arn, permissions_boundary: boundary }) =>
          [String(role), { arn: String(arn), boundary: String(boundary) }] as const,
      );
      return { account: environment.account, roles: new Map(roles) };
    }

    async function timed<T>(root: Root, step: string, work: () => Promise<T>): Promise<T> {
      const start = Date.now();
      const done = await work();
      (seconds[root] ??= {})[step] = Math.round((Date.now() - start) / 1000);
      return done;
    }
  });
}

/** The words in capitals of iac/authorisation.json. */
function wordsOf(
  environment: Environment,
  { bootstrap, databases }: Record<Root, Resource[]>,
): Record<string, string> {
  const key = bootstrap.find(({ address }) => address === `aws_kms_key.this["${environment.name}"]`);
  const database = valuesOf(databases, 'aws_db_instance')[0];
  const [secret] = (database?.['master_user_secret'] ?? []) as { secret_arn: string }[];
  return {
    ACCOUNT: environment.account,
    REGION: environment.region,
    ENVIRONMENT: environment.name,
    PREFIX: `slipway-${environment.name}`,
    BUCKET: environment.bucket,
    KEY: String(key?.values['arn']),
    DATABASE: String(database?.['resource_id']),
    SECRET: String(secret?.secret_arn),
  };
}

/** What may not be made again while the service runs. */
const SERVING = new Set([
  'aws_cloudfront_distribution',
  'aws_db_instance',
  'aws_ecr_repository',
  'aws_ecs_cluster',
  'aws_ecs_service',
  'aws_lb',
  'aws_lb_target_group',
  'aws_security_group',
  'aws_subnet',
]);

/** Whether nothing that the distribution or the service used ended before they had let go of it. */
function inOrder(output: string): boolean {
  const lines = output.split('\n');
  const letGo = lines.findLastIndex((line) =>
    /^aws_(ecs_service|cloudfront_distribution)\.\S+ Modifications complete/.test(line),
  );
  const gone = lines.findIndex((line) =>
    /^aws_lb(_listener|_listener_rule|_target_group)?\.\S+ Destr/.test(line),
  );
  return gone === -1 || letGo < gone;
}

function servingReplacedBy({ resource_changes: planned }: Plan): string[] {
  return planned
    .filter(({ type, change: { actions } }) => SERVING.has(type) && actions.length > 1)
    .map(({ address }) => address);
}

/** The options that give a layer those of the settings that it knows. */
function optionsOf(layer: Layer, changed: Settings): string[] {
  const known = [...settingsOf('common'), ...settingsOf(layer)].map((one) => one.split('.')[0]);
  return Object.entries(changed).flatMap(([name, value]) =>
    known.includes(name) ? [option(name, value)] : [],
  );
}

/** The table's ZONE, made. */
async function withZone(environment: Environment, value: unknown): Promise<unknown> {
  const text = JSON.stringify(value);
  if (!text.includes('"ZONE"')) return value;
  const zone = ['--name', 'example.com', '--caller-reference', 'one'];
  const { HostedZone } = await environment.aws<{ HostedZone: { Id: string } }>(
    'route53',
    'create-hosted-zone',
    ...zone,
  );
  return JSON.parse(text.replace('ZONE', HostedZone.Id.split('/').at(-1) ?? '')) as unknown;
}

/** What a `docker push` leaves in a registry, for the redeployer: an image under the commit's tag. */
async function push(environment: Environment, commit: string): Promise<void> {
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      size: 2,
      digest: `sha256:${'1'.repeat(64)}`,
    },
    layers: [],
    annotations: { 'org.opencontainers.image.revision': commit },
  };
  const image = ['--image-tag', commit, '--image-manifest', JSON.stringify(manifest)];
  await environment.aws('ecr', 'put-image', '--repository-name', `slipway-${environment.name}`, ...image);
}

/** The identifiers of the database's snapshots. */
async function snapshots(environment: Environment): Promise<string[]> {
  const { DBSnapshots } = await environment.aws<{ DBSnapshots: { DBSnapshotIdentifier: string }[] }>(
    'rds',
    'describe-db-snapshots',
    // RDS makes others by itself, and takes them away with the instance.
    '--snapshot-type',
    'manual',
  );
  return DBSnapshots.map((one) => one.DBSnapshotIdentifier);
}

interface Running {
  arn: string;
  commit: string | undefined;
  template: string | undefined;
  memory: string;
}

async function runningRelease(environment: Environment): Promise<Running> {
  const service = `slipway-${environment.name}`;
  const { services } = await environment.aws<{ services: { taskDefinition: string }[] }>(
    'ecs',
    'describe-services',
    '--cluster',
    service,
    '--services',
    service,
  );
  const arn = services[0]?.taskDefinition ?? '';
  const { taskDefinition, tags } = await environment.aws<{
    taskDefinition: { memory: string };
    tags: { key: string; value: string }[];
  }>('ecs', 'describe-task-definition', '--task-definition', arn, '--include', 'TAGS');
  const tag = (key: string) => tags.find((one) => one.key === key)?.value;
  return { arn, commit: tag('commit'), template: tag('template'), memory: taskDefinition.memory };
}

function expectPrivateDatabase({ connectivity, security, databases }: Record<Root, Resource[]>): void {
  const database = id(security, 'aws_security_group.database');

  expect(valuesOf(databases, 'aws_db_instance')).toEqual([
    expect.objectContaining({
      publicly_accessible: false,
      storage_encrypted: true,
      vpc_security_group_ids: [database],
    }),
  ]);
  expect(valuesOf(databases, 'aws_db_parameter_group')[0]?.['parameter']).toContainEqual(
    expect.objectContaining({ name: 'rds.force_ssl', value: '1' }),
  );
  const into = valuesOf(security, 'aws_vpc_security_group_ingress_rule').filter(
    (rule) => rule['security_group_id'] === database,
  );
  expect(into).toEqual([
    expect.objectContaining({
      referenced_security_group_id: id(security, 'aws_security_group.application'),
      cidr_ipv4: null,
      from_port: 5432,
      to_port: 5432,
    }),
  ]);
  const routes = id(connectivity, 'aws_route_table.database');
  expect(valuesOf(connectivity, 'aws_route').filter((route) => route['route_table_id'] === routes)).toEqual(
    [],
  );
}

function expectHardenedDelivery({ application }: Record<Root, Resource[]>): void {
  expect(valuesOf(application, 'aws_ecr_repository')).toEqual([
    expect.objectContaining({ image_tag_mutability: 'IMMUTABLE' }),
  ]);
  expect(valuesOf(application, 'aws_ecs_service')).toEqual([
    expect.objectContaining({
      desired_count: 0,
      deployment_circuit_breaker: [{ enable: true, rollback: true }],
    }),
  ]);
}

function id(resources: Resource[], address: string): unknown {
  return resources.find((one) => one.address === address)?.values['id'];
}

/** A run that ended with this exit code; where it did not, its output is shown. */
function ended(code: number): object {
  return expect.objectContaining({ code, output: expect.any(String) });
}

/** What IAM counts of a policy. */
function size(text: string): number {
  return text.replaceAll(/\s/g, '').length;
}

/** Resources and seconds by layer: the hardware is shared, so seconds are for the eye. */
function table(
  name: string,
  seconds: Record<string, Record<string, number>>,
  applied: Record<Root, Resource[]>,
): string {
  const steps = ['plan', 'apply', 'second plan', 'destroy'];
  const rows = ROOTS.map((root) => [
    root,
    String(applied[root]?.filter(({ mode }) => mode === 'managed').length ?? '–'),
    ...steps.map((step) => String(seconds[root]?.[step] ?? '–')),
  ]);
  return [[name, 'resources', ...steps.map((step) => `${step} (s)`)], ...rows]
    .map((cells) => cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(16))).join(''))
    .join('\n');
}

/** The roles that bootstrap makes. */
const OF_GITHUB = new Set(['plan', 'apply', 'publish', 'release']);

/** Which of bootstrap's managed policies a role has, beside one of its own. */
const MANAGED: Record<string, string> = { plan: 'read\\w*', apply: '(read\\w*|write_\\w+)' };

/** The policies that bootstrap gives the role of an environment. */
function policiesOfRole(role: string, bootstrap: Resource[], name: string): Resource[] {
  const managed = MANAGED[role];
  const own = new RegExp(
    `^aws_iam_(role_policy\\.${role}${managed === undefined ? '' : `|policy\\.${managed}`})\\[`,
  );
  return bootstrap.filter(({ address }) => own.test(address) && address.endsWith(`["${name}"]`));
}
