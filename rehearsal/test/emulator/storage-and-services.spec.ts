import { CreateRepositoryCommand, DescribeImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { call, clientsOf, query, REGION, rest } from '@slipway/test-helpers/emulator/aws';
import {
  describeEmulator,
  type Emulator,
  emulatorPython,
  startEmulator,
} from '@slipway/test-helpers/emulator/emulator';
import { createService, findNetwork, registerTaskDefinition } from '@slipway/test-helpers/emulator/service';
import { ROOT } from '@slipway/test-helpers/root';

const run = promisify(execFile);

describeEmulator('stores, images and services: what moto lacks and the patches mend', () => {
  let emulator: Emulator;
  let url: string;

  beforeAll(async () => {
    emulator = await startEmulator('--auto');
    url = emulator.url;
  });

  afterAll(() => emulator.stop());

  function createBucket(name: string) {
    const place = `<CreateBucketConfiguration><LocationConstraint>${REGION}</LocationConstraint></CreateBucketConfiguration>`;
    return rest(url, 's3', 'PUT', `/${name}`, place);
  }

  it('answers the calls of a service one after the other, but for one whose calls wait', async () => {
    const script = path.join(import.meta.dirname, 'support/overlaps.py');
    const { stdout } = await run(emulatorPython ?? '', [script, path.join(ROOT, 'rehearsal/emulator')]);

    const most = JSON.parse(stdout) as Record<string, number>;
    expect(most['ec2']).toBe(1);
    expect(most['sqs']).toBeGreaterThan(1);
  });

  it('answers a missing API at once, by its name, and not with an error that clients repeat', async () => {
    await expect(
      call(url, 'ecs', 'AmazonEC2ContainerServiceV20141113.SubmitTaskStateChange', {}),
    ).rejects.toMatchObject({
      status: 501,
      code: 'NotImplemented',
      message: expect.stringContaining('ecs:SubmitTaskStateChange'),
    });
  });

  it('applies a TLS-only bucket policy as AWS would over TLS, and other Denys too', async () => {
    await createBucket('state');
    const deny = { Effect: 'Deny', Principal: '*', Resource: ['arn:aws:s3:::state', 'arn:aws:s3:::state/*'] };
    const tls = { ...deny, Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const key = 's3:x-amz-server-side-encryption';
    const plain = { ...deny, Action: 's3:PutObject', Condition: { StringNotEquals: { [key]: 'aws:kms' } } };
    await rest(
      url,
      's3',
      'PUT',
      '/state?policy',
      JSON.stringify({ Version: '2012-10-17', Statement: [tls, plain] }),
    );

    const encrypted = { 'x-amz-server-side-encryption': 'aws:kms' };
    await rest(url, 's3', 'PUT', '/state/key', 'value', encrypted);
    expect((await rest(url, 's3', 'GET', '/state/key')).text).toBe('value');
    await expect(rest(url, 's3', 'PUT', '/state/other', 'value')).rejects.toMatchObject({ status: 403 });
  });

  it('lets only the first of two conditional writes through, which is how Terraform locks', async () => {
    await createBucket('locks');
    await rest(url, 's3', 'PUT', '/locks/lock', 'one', { 'If-None-Match': '*' });

    await expect(
      rest(url, 's3', 'PUT', '/locks/lock', 'two', { 'If-None-Match': '*' }),
    ).rejects.toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
    });
  });

  it('keeps how many noncurrent versions a lifecycle rule spares', async () => {
    await createBucket('versions');
    const rule =
      '<Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><NoncurrentVersionExpiration>' +
      '<NoncurrentDays>90</NoncurrentDays><NewerNoncurrentVersions>10</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>';
    const body = `<LifecycleConfiguration>${rule}</LifecycleConfiguration>`;
    await rest(url, 's3', 'PUT', '/versions?lifecycle', body);

    const { text } = await rest(url, 's3', 'GET', '/versions?lifecycle');
    expect(text).toContain('<NewerNoncurrentVersions>10<');
  });

  it('has ECR refuse to overwrite a tag, and take the digest from the manifest', async () => {
    const { ecr } = clientsOf(url);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = (size: number) => JSON.stringify({ mediaType, config: { size, mediaType }, layers: [] });
    const push = (imageManifest: string, repositoryName = 'kept') =>
      ecr.send(new PutImageCommand({ repositoryName, imageTag: 'v1', imageManifest }));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'kept', imageTagMutability: 'IMMUTABLE' }));
    await push(manifest(1));

    await expect(push(manifest(1))).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' });
    await expect(push(manifest(2))).rejects.toMatchObject({ name: 'ImageTagAlreadyExistsException' });
    await expect(push(manifest(1), 'missing')).rejects.toMatchObject({ name: 'RepositoryNotFoundException' });
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'kept' }));
    const digest = createHash('sha256').update(manifest(1)).digest('hex');
    expect(imageDetails).toMatchObject([{ imageDigest: `sha256:${digest}`, imageTags: ['v1'] }]);
  });

  it('keeps every setting of an ECS service, and dates task definitions', async () => {
    const { ecs } = clientsOf(url);
    const taskDefinition = await registerTaskDefinition(ecs, 'full');
    const settings = {
      healthCheckGracePeriodSeconds: 60,
      enableECSManagedTags: true,
      enableExecuteCommand: false,
      availabilityZoneRebalancing: 'ENABLED' as const,
      propagateTags: 'SERVICE' as const,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 3 },
      ],
      deploymentConfiguration: {
        maximumPercent: 150,
        minimumHealthyPercent: 50,
        deploymentCircuitBreaker: { enable: true, rollback: false },
        alarms: { alarmNames: ['errors'], enable: true, rollback: true },
      },
    };
    await createService(ecs, await findNetwork(url), { serviceName: 'full', taskDefinition, ...settings });

    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: ['full'] }));
    expect(services).toMatchObject([settings]);
    expect(services?.[0]?.launchType).toBeUndefined();
    const found = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    expect(found.taskDefinition?.registeredAt).toBeInstanceOf(Date);
  });

  it('has the account that it was started with, and stops cleanly at SIGTERM', async () => {
    const other = await startEmulator('--account', '111122223333');
    try {
      const form = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
      expect(await query(other.url, 'sts', form)).toContain('<Account>111122223333<');
    } finally {
      expect(await other.stop()).toBe(0);
    }
    await expect(startEmulator('--account', '12')).rejects.toThrow(/12 digits/);
  });
});
