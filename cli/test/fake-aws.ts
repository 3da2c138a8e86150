import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const SERVICE = 'ledger-staging';
const ECS = `arn:aws:ecs:${REGION}:${ACCOUNT}`;

export const commit = (digit: string) => digit.repeat(40);
export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const seconds = (at: string) => Date.parse(at) / 1000;

export interface FakeRelease {
  digit: string;
  /** Beyond commit, digest, template, cause and released-at. */
  tags?: Record<string, string>;
  /** ECS's status of its deployment; without it there is none. */
  status?: string;
  reason?: string;
  at: string;
}

/** As much of ECS, ECR, EventBridge and STS as the commands ask for, over HTTP. The releases are the test's to change. */
export class FakeAws {
  account = ACCOUNT;
  readonly releases: FakeRelease[] = [];
  /** The number of the release that the service stands on. */
  standsOn = 0;
  tasks = { runningCount: 2, desiredCount: 2 };
  paused = false;
  /** What was put on the bus. */
  readonly events: { DetailType: string; Detail: string }[] = [];
  onEvent: () => void = () => undefined;
  private readonly server: Server;
  private readonly calls = new Map<string, number>();

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) =>
        response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)),
      );
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Resolves when an action has been asked for so often. */
  async asked(action: string, times: number): Promise<void> {
    while ((this.calls.get(action) ?? 0) < times) await pause(50);
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const sent = await text(request);
    const action = /\w+$/.exec(String(request.headers['x-amz-target'] ?? ''))?.[0];
    if (!action) {
      const result = `<GetCallerIdentityResult><Account>${this.account}</Account></GetCallerIdentityResult>`;
      return { status: 200, body: `<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>` };
    }
    this.calls.set(action, (this.calls.get(action) ?? 0) + 1);
    const body = this.act(action, JSON.parse(sent) as Record<string, unknown>);
    return body === undefined
      ? { status: 400, body: { __type: 'ClientException', message: 'Unable to describe task definition.' } }
      : { status: 200, body };
  }

  private act(action: string, input: Record<string, unknown>): unknown {
    switch (action) {
      case 'DescribeServices':
        return { services: [this.service()] };
      case 'ListServiceDeployments':
        return { serviceDeployments: this.deployed().map(({ number }) => this.deployment(number)) };
      case 'DescribeServiceDeployments': {
        const arns = input['serviceDeploymentArns'] as string[];
        return { serviceDeployments: arns.map((arn) => this.deployment(numberIn(arn))) };
      }
      case 'DescribeServiceRevisions': {
        const arns = input['serviceRevisionArns'] as string[];
        return {
          serviceRevisions: arns.map((arn) => ({
            serviceRevisionArn: arn,
            taskDefinition: definitionArn(numberIn(arn)),
            containerImages: [{ imageDigest: digest(this.release(numberIn(arn)).digit) }],
          })),
        };
      }
      case 'DescribeTaskDefinition': {
        const name = String(input['taskDefinition']);
        return this.definition(/:\d+$/.test(name) ? numberIn(name) : this.releases.length);
      }
      case 'DescribeImages':
        return { imageDetails: [{ imageDigest: digest('b'), imagePushedAt: 1_700_000_000 }] };
      case 'BatchGetImage': {
        const manifest = { manifests: [{ platform: { architecture: 'arm64' } }] };
        return { images: [{ imageManifest: JSON.stringify(manifest) }] };
      }
      case 'PutEvents':
        this.events.push(...(input['Entries'] as FakeAws['events']));
        this.onEvent();
        return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
      default:
        // It has nothing else.
        return undefined;
    }
  }

  private release(number: number): FakeRelease {
    const found = this.releases[number - 1];
    if (!found) throw new Error(`there is no release ${number}`);
    return found;
  }

  /** Newest first, as ECS lists them. */
  private deployed() {
    return this.releases
      .map((release, index) => ({ ...release, number: index + 1 }))
      .filter(({ status }) => status)
      .toReversed();
  }

  private service() {
    const [newest] = this.deployed();
    const isComing = newest?.status === 'IN_PROGRESS';
    const before = this.deployed().find(({ status }) => status === 'SUCCESSFUL')?.number ?? 0;
    const deployment = (number: number, status: string) => ({
      status,
      taskDefinition: definitionArn(number),
      rolloutState: isComing && status === 'PRIMARY' ? 'IN_PROGRESS' : 'COMPLETED',
      ...this.tasks,
    });
    return {
      serviceArn: `${ECS}:service/${SERVICE}/${SERVICE}`,
      serviceName: SERVICE,
      status: 'ACTIVE',
      taskDefinition: definitionArn(this.standsOn),
      ...this.tasks,
      createdAt: seconds('2026-01-01T00:00:00Z'),
      deployments: [
        deployment(this.standsOn, 'PRIMARY'),
        ...(isComing ? [deployment(before, 'ACTIVE')] : []),
      ],
      events: [],
      tags: this.paused ? [{ key: 'paused', value: 'by hand' }] : [],
    };
  }

  private deployment(number: number) {
    const { at, status = '', reason } = this.release(number);
    const revision = `${ECS}:service-revision/${SERVICE}/${SERVICE}/${number}`;
    return {
      serviceDeploymentArn: `${ECS}:service-deployment/${SERVICE}/${SERVICE}/${number}`,
      targetServiceRevisionArn: revision,
      targetServiceRevision: { arn: revision },
      createdAt: seconds(at),
      startedAt: seconds(at),
      ...(status === 'IN_PROGRESS' ? {} : { finishedAt: seconds(at) + 60 }),
      status,
      statusReason: reason,
    };
  }

  private definition(number: number) {
    const release = this.releases[number - 1];
    if (!release) return undefined;
    const { digit, at, tags = {} } = release;
    const all = {
      commit: commit(digit),
      digest: digest(digit),
      template: `${SERVICE}-template:3`,
      cause: 'pushed',
      'released-at': at,
      follows: String(number - 1),
      ...tags,
    };
    return {
      taskDefinition: {
        taskDefinitionArn: definitionArn(number),
        family: SERVICE,
        revision: number,
        status: 'ACTIVE',
        registeredAt: seconds(at),
        containerDefinitions: [{ name: 'ledger', image: `registry/ledger@${digest(digit)}` }],
      },
      tags: Object.entries(all).map(([key, value]) => ({ key, value })),
    };
  }
}

export function definitionArn(number: number): string {
  return number === 0
    ? `${ECS}:task-definition/${SERVICE}-template:3`
    : `${ECS}:task-definition/${SERVICE}:${number}`;
}

const numberIn = (name: string) => Number(/(\d+)$/.exec(name)?.[1]);
