import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LAYERS, ROOTS, type Layer, type Root } from '@slipway/test-helpers/terraform/layers';
import { eventually } from '@slipway/test-helpers/eventually';
import { describeEmulator } from '@slipway/test-helpers/emulator/emulator';
import { Environment, type Caller } from './environment.ts';
import { valuesOf, type Change, type Resource } from './plan.ts';
import { refusedBy } from './permissions.ts';
import { complaintsAbout, policiesOf } from './policies.ts';

/** The plan of each layer, made before anything was there. */
export type Planned = Record<Layer, Change[]>;

const COMMIT = 'a'.repeat(40);

/**
 * Takes one environment through its life: bootstrap, each layer, a second plan, a release, a changed template, and its end.
 * @param expectGuarantees what its exposure guarantees.
 * @param lifted by layer, the options that lift protection before the environment can be destroyed.
 */
export function describeApplied(
  name: string,
  expectGuarantees: (planned: Planned) => void,
  lifted: Partial<Record<Layer, string[]>> = {},
): void {
  describeEmulator(`the environment ${name}`, () => {
    const seconds: Record<string, Record<string, number>> = {};
    const planned = {} as Planned;
    const applied = {} as Record<Root, Resource[]>;
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
      expect(await timed(root, 'second plan', () => environment.plan(root))).toEqual(ended(0));

      applied[root] = await environment.resources(root);
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
      const wider = '-var=task={cpu=512,memory=2048}';
      expect(await environment.plan('application', wider)).toEqual(ended(2));

      expect(await environment.apply('application')).toEqual(ended(0));

      const after = await runningRelease(environment);
      expect(after).toMatchObject({
        commit: COMMIT,
        template: expect.stringMatching(/-template:2$/),
        memory: '2048',
      });
      expect(after.arn).not.toBe(before.arn);
      expect(await environment.plan('application', wider)).toEqual(ended(0));
    }, 240_000);

    test('lets its protection be lifted', async () => {
      for (const [layer, options] of Object.entries(lifted) as [Layer, string[]][]) {
        expect(await environment.plan(layer, ...options)).toEqual(ended(2));
        expect(await environment.apply(layer)).toEqual(ended(0));
      }
    });

    test.each(LAYERS.toReversed())('has %s destroyed', async (layer) => {
      expect(await timed(layer, 'destroy', () => environment.destroy(layer))).toEqual(ended(0));
      expect(await environment.resources(layer)).toEqual([]);
    });

    // The emulator asks nobody for permission, but it knows who called what: nothing that Terraform needs is missing.
    test.each(['plan', 'apply'] as const)(
      'gave the role %s leave for every call that it made',
      async (role) => {
        const own = policiesOfRole(role, applied.bootstrap, name);
        const calls = await environment.calls(role);

        expect(refusedBy(own, calls)).toEqual([]);
        expect(calls.length).toBeGreaterThan(50);
      },
    );

    async function timed<T>(root: Root, step: string, work: () => Promise<T>): Promise<T> {
      const start = Date.now();
      const done = await work();
      (seconds[root] ??= {})[step] = Math.round((Date.now() - start) / 1000);
      return done;
    }
  });
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

/** The policies that bootstrap gives the role of an environment. */
function policiesOfRole(
  role: Exclude<Caller, 'administrator'>,
  bootstrap: Resource[],
  name: string,
): Resource[] {
  const own =
    role === 'plan'
      ? /^aws_iam_(policy\.read|role_policy\.plan)\[/
      : /^aws_iam_(policy\.(read|write_\w+)|role_policy\.apply)\[/;
  return bootstrap.filter(({ address }) => own.test(address) && address.endsWith(`["${name}"]`));
}
