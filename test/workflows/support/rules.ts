import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { REMOTE_ACTIONS } from './remote-actions.ts';
import { readDefinitions, readMap, readUses, type Definition } from './tree.ts';
import { ROOT } from '@slipway/test-helpers/root';

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  steps?: Step[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: unknown;
}

interface Described {
  description?: string;
  value?: string;
}

/** What no kept checker sees: a line for each breach of a rule of this repository, in a tree. */
export async function findBreaches(root: string): Promise<string[]> {
  const definitions = await readDefinitions(root);
  const called = root === ROOT ? definitions : [...definitions, ...(await readDefinitions(ROOT))];
  const found = await Promise.all(
    definitions.map(async (one) => [
      ...breachesOfPins(one),
      ...breachesOfSecrets(one),
      ...breachesOfSteps(one),
      ...breachesOfCalls(one, called),
      ...(one.kind === 'workflow' ? breachesOfWorkflow(one) : await breachesOfAction(one, root)),
    ]),
  );
  return found.flat();
}

/** Every action of others is one that was looked at, at the very commit that was looked at. */
function breachesOfPins({ name, document }: Definition): string[] {
  return readUses(document)
    .filter(({ value }) => !value.startsWith('$/'))
    .flatMap(({ value, comment }) => {
      const [action = '', commit] = value.split('@');
      if (action.startsWith('slipway-dev/slipway/')) {
        return /^0{40}$/.test(commit ?? '') && comment === 'v1.0.0'
          ? []
          : [`${name}: ${value} has to be forty zeros, # v1.0.0: whoever copies it puts the commit there`];
      }
      const pin = REMOTE_ACTIONS[action];
      if (!pin) return [`${name}: ${action} is not in test/workflows/fixtures/remote-actions.json`];
      return commit === pin.commit && comment === pin.version
        ? []
        : [`${name}: ${action} has to be @${pin.commit} # ${pin.version}`];
    });
}

/** What a caller may hand on, each for one purpose: the build, and the address of its web hook. */
const SECRETS = /\bsecrets\.(build-secrets|notify-webhook)\b/g;

/** OpenID Connect is the only way to AWS. */
function breachesOfSecrets({ name, text }: Definition): string[] {
  return text
    .split('\n')
    .filter((line) =>
      /aws[-_](access[-_]key[-_]id|secret[-_]access[-_]key)|\bsecrets\.|\b(AKIA|ASIA)[A-Z0-9]{16}\b/i.test(
        line.replaceAll(SECRETS, ''),
      ),
    )
    .map((line) => `${name}: credentials that are kept, or a secret: ${line.trim()}`);
}

/** A called workflow gets no permission that the calling job does not have: GitHub refuses the whole run. */
function breachesOfCalls({ name, document }: Definition, definitions: readonly Definition[]): string[] {
  return Object.entries(readMap<Job>(document, 'jobs')).flatMap(([job, { uses, permissions = {} }]) => {
    const called = definitions.find(
      ({ name: file }) =>
        uses?.split('@')[0] === `$/${file}` || uses?.startsWith(`slipway-dev/slipway/${file}@`),
    );
    const needed = called ? Object.values(readMap<Job>(called.document, 'jobs')) : [];
    return needed
      .flatMap((one) => Object.entries(one.permissions ?? {}))
      .filter(([permission, level]) => permissions[permission] !== level)
      .map(([permission, level]) => `${name}: the job ${job} has to give ${permission}: ${level} to ${uses}`);
  });
}

/**
 * A checkout leaves no token behind and takes no other repository, which the caller's token may not read; what may be deployed
 * is not built out of a cache; and the credentials of a job that applies last as long as the job.
 */
function breachesOfSteps({ name, document }: Definition): string[] {
  const { jobs, runs } = document.toJS() as { jobs?: Record<string, Job>; runs?: Job };
  return [...Object.values(jobs ?? {}), ...(runs ? [runs] : [])]
    .flatMap(({ steps = [] }) => steps)
    .flatMap(({ uses = '', with: given = {} }) => [
      ...(uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false
        ? [`${name}: a checkout without persist-credentials: false`]
        : []),
      ...(uses.startsWith('actions/checkout@') && given['repository'] !== undefined
        ? [`${name}: a checkout of another repository: what lies beside $/ is there already`]
        : []),
      ...(uses.startsWith('actions/setup-node@') && given['package-manager-cache'] !== false
        ? [`${name}: setup-node without package-manager-cache: false`]
        : []),
    ]);
}

function breachesOfWorkflow({ name, document }: Definition): string[] {
  const breaches: string[] = [];
  for (const [job, settings] of Object.entries(readMap<Job>(document, 'jobs'))) {
    if (settings.uses === undefined && settings['timeout-minutes'] === undefined) {
      breaches.push(`${name}: the job ${job} has no timeout-minutes`);
    }
    const steps = settings.steps ?? [];
    const role = steps.find(({ uses }) => uses === '$/.github/actions/aws-oidc');
    const applies = steps.some(({ with: given }) => given?.['command'] === 'apply');
    if (
      applies &&
      Number(role?.with?.['duration-seconds'] ?? 3600) < 60 * Number(settings['timeout-minutes'])
    ) {
      breaches.push(`${name}: the job ${job} may outlive its credentials, and leave the state locked`);
    }
  }
  for (const kind of ['inputs', 'outputs']) {
    for (const [key, { description }] of Object.entries(
      readMap<Described>(document, 'on', 'workflow_call', kind),
    )) {
      if (!description) breaches.push(`${name}: the ${kind} ${key} have no description`);
    }
  }
  return breaches;
}

/** In a composite action nothing but the runner looks at what `inputs.x` and `steps.x.outputs.y` name. */
async function breachesOfAction(definition: Definition, root: string): Promise<string[]> {
  const { name, text, document } = definition;
  const breaches: string[] = [];
  const inputs = readMap<Described>(document, 'inputs');
  const outputs = readMap<Described>(document, 'outputs');
  for (const [key, { description }] of [...Object.entries(inputs), ...Object.entries(outputs)]) {
    if (!description) breaches.push(`${name}: ${key} has no description`);
  }
  for (const [, input = ''] of text.matchAll(/\binputs\.([\w-]+)/g)) {
    if (!(input in inputs)) breaches.push(`${name}: inputs.${input} is not declared`);
  }
  const steps = (document.toJS() as { runs: { steps: Step[] } }).runs.steps;
  const given = new Map(
    await Promise.all(
      steps
        .filter(({ id }) => id !== undefined)
        .map(async (step) => [step.id, await outputsOf(step, path.join(root, path.dirname(name)))] as const),
    ),
  );
  for (const [, id, output = ''] of text.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    if (!given.get(id)?.has(output)) breaches.push(`${name}: no step ${id} puts out ${output}`);
  }
  return breaches;
}

/** What a step can put out: the outputs of its action, or the names that its action's scripts write. */
async function outputsOf({ uses }: Step, folder: string): Promise<Set<string>> {
  if (uses !== undefined) return new Set(REMOTE_ACTIONS[uses.split('@')[0] ?? '']?.outputs);
  const scripts = (await readdir(folder)).filter((file) => file.endsWith('.sh'));
  const texts = await Promise.all(scripts.map((file) => readFile(path.join(folder, file), 'utf8')));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/^\s*output ([\w-]+) /gm)].map(([, key = '']) => key)),
  );
}
