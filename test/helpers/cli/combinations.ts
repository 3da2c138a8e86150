import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../root.ts';
import { run } from '../terraform/terraform.ts';
import { slipway } from './slipway.ts';

/** The repository that consumers of Slipway are shown. */
export const EXAMPLE = path.join(ROOT, 'examples/consumer');

export const STAGING_ACCOUNT = '333333333333';
export const LIVE_ACCOUNT = '444444444444';
export const GITHUB = [
  '--github',
  'acme-example/ledger',
  '--github-ids',
  '300000003,400000004',
  '--branch',
  'main',
];
export const PUBLIC = ['--exposure', 'public_ip', '--allowed-cidr', '198.51.100.0/24'];
const EXPOSURES: Record<string, string[]> = {
  public_ip: PUBLIC,
  edge: ['--exposure', 'edge'],
  'edge with a domain': ['--domain', 'api.example.com', '--zone-id', 'Z0123456789ABC'],
};

/** What staging is made with. */
export const STAGING = ['--account-id', STAGING_ACCOUNT, '--region', 'eu-west-1', ...GITHUB];

/** Answers to `init`, for two environments of one service: staging gets each push, live is promoted to. */
export interface Combination {
  name: string;
  /** How staging is reached, and what its tasks run on. */
  flags: string[];
  /** The account of live. */
  account: string;
  /** Where the environments are; a service among several has a folder of its own. */
  folder: string;
}

/** Every exposure on every architecture, in one account and in two; each third in a repository of several services. */
export const COMBINATIONS: Combination[] = Object.entries(EXPOSURES)
  .flatMap(([exposure, flags]) =>
    ['ARM64', 'X86_64'].flatMap((architecture) =>
      [STAGING_ACCOUNT, LIVE_ACCOUNT].map((account) => ({
        name: `${exposure} on ${architecture} in ${account === STAGING_ACCOUNT ? 'one account' : 'two accounts'}`,
        flags: [...flags, '--architecture', architecture],
        account,
      })),
    ),
  )
  .map((one, index) =>
    index % 3 === 0
      ? { ...one, name: `${one.name}, one service of several`, folder: 'api/environments' }
      : { ...one, folder: 'environments' },
  );

/** A repository with a Dockerfile and nothing else. @param service where the Dockerfile is */
export async function makeRepository(folder: string, service = '.'): Promise<void> {
  await mkdir(path.join(folder, service), { recursive: true });
  await run('git', ['init', '--quiet', '--initial-branch', 'main'], folder);
  await cp(path.join(EXAMPLE, 'Dockerfile'), path.join(folder, service, 'Dockerfile'));
}

/** Runs `init` without a question. @throws Error with what it said. @returns what it printed. */
export async function init(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await slipway(folder, ['init', ...args, '--yes']);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** Writes both environments of a combination into a repository of its own. */
export async function writeCombination(
  folder: string,
  { flags, account, folder: place }: Combination,
): Promise<void> {
  await makeRepository(folder, path.dirname(place));
  const everywhere = ['--environments-path', place, '--email', 'team@example.com'];
  await init(folder, 'staging', ...STAGING, ...flags, ...everywhere);
  await init(folder, 'live', '--account-id', account, '--exposure', 'edge', ...everywhere);
}
