import type { SeenService } from '../../../rehearsal/scheduler/services.ts';
import { ACCOUNT, call, control, REGION, rest } from './aws.ts';
import { createRedeployer } from './redeployer.ts';
import { createRole, createUnreleased } from './service.ts';

const ECS = 'AmazonEC2ContainerServiceV20141113';
const ECR = 'AmazonEC2ContainerRegistry_V20150921';

/** What bootstrap and the layers make, as far as the workflows meet it; the redeployer is the one that is shipped. */
export class World {
  readonly url: string;
  /** Services whose next release fails, with the reason. */
  readonly doomed = new Map<string, string>();
  #scheduler: NodeJS.Timeout | undefined;

  constructor(url: string) {
    this.url = url;
  }

  /** @param systems names such as slipway-development: the repository, cluster, service and roles of an environment */
  async build(systems: string[]): Promise<void> {
    for (const system of systems) {
      await this.#buildSystem(system);
    }
    const served = systems.map((system) => ({
      service: system,
      cluster: system,
      repository: system,
      secretArns: [],
    }));
    await createRedeployer(this.url, served);
    this.#scheduler = setInterval(() => void this.#schedule(), 200);
  }

  stop(): void {
    clearInterval(this.#scheduler);
  }

  ecs<T>(action: string, body: Record<string, unknown>): Promise<T> {
    return call<T>(this.url, 'ecs', `${ECS}.${action}`, body);
  }

  ecr<T>(action: string, body: Record<string, unknown>): Promise<T> {
    return call<T>(this.url, 'ecr', `${ECR}.${action}`, body);
  }

  /** The image that a service runs. */
  async runs(system: string): Promise<string> {
    const { services } = await this.ecs<{ services: { taskDefinition: string }[] }>('DescribeServices', {
      cluster: system,
      services: [system],
    });
    const { taskDefinition } = await this.ecs<{
      taskDefinition: { containerDefinitions: { image: string }[] };
    }>('DescribeTaskDefinition', { taskDefinition: services[0]?.taskDefinition });
    return taskDefinition.containerDefinitions[0]?.image ?? '';
  }

  /** The tags of a repository's images with their digests. */
  async images(system: string): Promise<Record<string, string>> {
    const { imageIds } = await this.ecr<{ imageIds: { imageTag: string; imageDigest: string }[] }>(
      'ListImages',
      {
        repositoryName: system,
      },
    );
    return Object.fromEntries(imageIds.map(({ imageTag, imageDigest }) => [imageTag, imageDigest]));
  }

  /** The value of a parameter, which a layer with a provider makes; nothing where it is not there. */
  async parameter(name: string): Promise<string | undefined> {
    const body = { Names: [name] };
    const { Parameters } = await call<{ Parameters: { Value: string }[] }>(
      this.url,
      'ssm',
      'AmazonSSM.GetParameters',
      body,
    );
    return Parameters[0]?.Value;
  }

  /** What a small layer has applied, by the state in the bucket of an environment; nothing where it is destroyed or new. */
  async applied(system: string, environment: string, layer: string): Promise<string | undefined> {
    const bucket = `/${bucketOf(system)}`;
    const key = `${environment}/${layer}.tfstate`;
    const { text: keys } = await rest(this.url, 's3', 'GET', `${bucket}?prefix=${key}`);
    if (!keys.includes(`<Key>${key}</Key>`)) return undefined;
    const { text } = await rest(this.url, 's3', 'GET', `${bucket}/${key}`);
    const { resources } = JSON.parse(text) as {
      resources: { instances: { attributes: { input: { value: string } } }[] }[];
    };
    return resources[0]?.instances[0]?.attributes.input.value;
  }

  /** Ends every deployment in flight: with success, or as the circuit breaker does. */
  async #schedule(): Promise<void> {
    try {
      const { services } = await control<{ services: SeenService[] }>(this.url, 'services');
      for (const { name, arn, deployments } of services) {
        const primary = deployments.find(({ status }) => status === 'PRIMARY');
        if (primary?.rolloutState !== 'IN_PROGRESS') continue;
        const reason = this.doomed.get(name);
        this.doomed.delete(name);
        const body = { service: arn, deployment: primary.id };
        await (reason === undefined
          ? control(this.url, 'deployments/complete', body)
          : control(this.url, 'deployments/fail', { ...body, reason }));
      }
    } catch {
      // The emulator was stopped, or the deployment has just been replaced: the next look decides.
    }
  }

  async #buildSystem(system: string): Promise<void> {
    for (const role of ['plan', 'apply', 'publish', 'release']) {
      await createRole(this.url, `${system}-${role}`, '/bootstrap/');
    }
    await rest(this.url, 's3', 'PUT', `/${bucketOf(system)}`, LOCATION);
    const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>(
      this.url,
      'kms',
      'TrentService.CreateKey',
      {},
    );
    const alias = { AliasName: `alias/${system}`, TargetKeyId: KeyMetadata.KeyId };
    await call(this.url, 'kms', 'TrentService.CreateAlias', alias);
    await createUnreleased(this.url, system, {}, { cluster: system });
  }
}

/** The accounts in the names of the state buckets, where the environments' files name them; else it is the emulator's. */
const STATE: Record<string, string> = {
  'slipway-development': '111111111111',
  'slipway-production': '222222222222',
};
const bucketOf = (system: string) => `${system}-state-${STATE[system] ?? ACCOUNT}`;
const LOCATION = `<CreateBucketConfiguration><LocationConstraint>${REGION}</LocationConstraint></CreateBucketConfiguration>`;
