import { PutImageCommand } from '@aws-sdk/client-ecr';
import { setTimeout as delay } from 'node:timers/promises';
import { ACCOUNT, clientsOf, control, REGION, rest } from '@slipway/test-helpers/emulator/aws';
import { FUNCTIONS } from '@slipway/test-helpers/emulator/function';
import { createRedeployer } from '@slipway/test-helpers/emulator/redeployer';
import { createSecret, createUnreleased, seenByScheduler } from '@slipway/test-helpers/emulator/service';

const SERVICE = 'slipway-test';

/** Waits until a second begins. */
export async function nextSecond(): Promise<void> {
  await delay(1000 - (Date.now() % 1000));
}

/** A 40-digit commit, the same digit throughout. */
export function commitOf(digit: string): string {
  return digit.repeat(40);
}

/** The redeployer's whole environment in an emulator: made with AWS's own API, as Terraform makes it. */
export async function buildWorld(url: string, { visibility = 2, receives = 3, delivers = true } = {}) {
  const { ecr, ecs } = clientsOf(url);
  const secretArn = await createSecret(url, { username: 'slipway', password: 'first' });
  const service = await createUnreleased(url, SERVICE, {
    secrets: [{ name: 'DB_PASSWORD', valueFrom: `${secretArn}:password::` }],
  });
  const served = { service: SERVICE, cluster: 'main', repository: SERVICE, secretArns: [secretArn] };
  const { queues, topic } = await createRedeployer(url, [served], { visibility, receives, delivers });

  // Each end in a second of its own, for an event's time is cut to seconds and tells the ends apart.
  const complete = async () => {
    await nextSecond();
    const { primary } = await seenByScheduler(url, service);
    await control(url, 'deployments/complete', { service, deployment: primary.id });
  };
  return {
    ecr,
    ecs,
    service,
    secretArn,
    queues,
    complete,
    fail: async (reason: string) => {
      await nextSecond();
      const { primary } = await seenByScheduler(url, service);
      await control(url, 'deployments/fail', { service, deployment: primary.id, reason });
    },
    /** Pushes in a second of its own, for ECR dates pushes in whole seconds and the redeployer compares them. */
    push: async (tag: string | undefined, content = tag ?? 'untagged') => {
      await nextSecond();
      const imageManifest = manifestOf(content);
      return ecr.send(new PutImageCommand({ repositoryName: SERVICE, imageTag: tag, imageManifest }));
    },
    /** The outcomes that the redeployer published, oldest first. */
    outcomes: async () => {
      const found = await control<{ publishes: { message: string }[] }>(url, `publishes?topic=${topic}`);
      return found.publishes.map(({ message }) => JSON.parse(message) as { commit: string; outcome: string });
    },
    /** The events that the emulator sent, by their detail-type, with what became of them. */
    events: async (type: string) => {
      const found = await control<{ events: SentEvent[] }>(url, 'events');
      return found.events.filter(({ event }) => event['detail-type'] === type);
    },
    invoke: (body: object) =>
      rest(url, 'lambda', 'POST', `${FUNCTIONS}/redeployer/invocations`, JSON.stringify(body)),
    ruleArn: (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`,
  };
}

export interface SentEvent {
  event: { id: string; 'detail-type': string; detail: Record<string, unknown> };
  deliveries: { rule: string; target: string; error: string | null }[];
}

/** A manifest whose digest depends on `content`. */
function manifestOf(content: string): string {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: content, size: 1 };
  return JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
}
