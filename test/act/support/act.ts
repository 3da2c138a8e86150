import { mkdtemp, mkdir, readdir, readFile, rm, writeFile, cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LAYERS } from '@slipway/test-helpers/terraform/layers';
import { providerSource } from '@slipway/test-helpers/terraform/provider-source';
import { run, type Run } from '@slipway/test-helpers/terraform/terraform';
import { ROOT } from '@slipway/test-helpers/root';
import { REMOTE_ACTIONS } from '../../workflows/support/remote-actions.ts';
import { commitAll, copyTree, editDefinitions, forAct, git, SLIPWAY, VERSION } from './clone.ts';

const HERE = path.resolve(import.meta.dirname, '..');

export interface Event {
  /** Inputs of a workflow_dispatch. */
  inputs?: Record<string, string>;
  /** The rest of the event's payload, such as `ref`. */
  payload?: Record<string, unknown>;
  environment?: Record<string, string>;
}

/** A folder that stands for GitHub: clones of repositories, and whatever runs of workflows leave behind. */
export class GitHub {
  readonly folder: string;
  readonly #emulator: string;
  readonly #stubs: string[];

  private constructor(folder: string, emulator: string, stubs: string[]) {
    this.folder = folder;
    this.#emulator = emulator;
    this.#stubs = stubs;
  }

  /** @param emulator address of the AWS that workflows talk to */
  static async create(emulator: string): Promise<GitHub> {
    const folder = await mkdtemp(path.join(tmpdir(), 'github-'));
    await Promise.all(
      ['records', 'artifacts', 'home', 'clones'].map((name) => mkdir(path.join(folder, name))),
    );
    const slipway = path.join(folder, 'clones', SLIPWAY);
    await copyTree('.', slipway, ...USED);
    // act copies the folder for each action that a step uses: git's own files lie elsewhere.
    await git(slipway, 'init', '--quiet', '--initial-branch', 'main', '--separate-git-dir', `${folder}/git`);
    await editDefinitions(slipway, forAct);
    await replaceLayers(path.join(slipway, 'iac'));
    await Promise.all(
      // They install programs, and start an image: .ci/run has done the one, and does the other with podman.
      ['.ci/install-tools.sh', '.ci/check-ready.sh'].map((file) =>
        writeFile(path.join(slipway, file), '#!/bin/sh\necho "$0 $*" >>"$STAND_IN_RECORDS/scripts"\n'),
      ),
    );
    await commitAll(slipway);

    const stubs = path.join(folder, 'stubs');
    await cp(path.join(HERE, 'stubs'), stubs, { recursive: true });
    const pins = new Map(
      Object.entries(REMOTE_ACTIONS).map(([name, { commit }]) => [
        name.split('/').slice(0, 2).join('/'),
        commit,
      ]),
    );
    // act looks into an action also where its step is skipped.
    const missing = [...pins.keys()].filter((name) => !existsSync(path.join(stubs, name)));
    if (missing.length > 0) throw new Error(`test/act/stubs lacks ${missing.join(', ')}`);
    return new GitHub(folder, emulator, [
      ...[...pins].map(([name, commit]) => `${name}@${commit}=${path.join(stubs, name)}`),
      `${SLIPWAY}@${VERSION}=${slipway}`,
    ]);
  }

  clone(repository: string): string {
    return path.join(this.folder, 'clones', repository);
  }

  /** What puts the recorders first on PATH, for a script that a person runs. */
  get programs(): Record<string, string> {
    return {
      PATH: `${path.join(HERE, 'bin')}:${process.env['PATH']}`,
      STAND_IN_RECORDS: path.join(this.folder, 'records'),
      STAND_IN_MODULES: path.join(ROOT, 'node_modules'),
    };
  }

  /** Runs one workflow of a repository for an event, as its runners would, from the first job to the last. */
  async run(repository: string, workflow: string, event: string, more: Event = {}): Promise<Run> {
    const { inputs = {}, payload = {}, environment = {} } = more;
    const scratch = await mkdtemp(path.join(this.folder, 'run-'));
    const eventFile = path.join(scratch, 'event.json');
    const full = { repository: { full_name: repository, default_branch: 'main' }, ...payload };
    await writeFile(eventFile, JSON.stringify(event === 'workflow_dispatch' ? { ...full, inputs } : full));
    const variables = {
      AWS_ENDPOINT_URL: this.#emulator,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '2',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/token?api-version=2.0',
      POLL_SECONDS: '2',
      TF_CLI_CONFIG_FILE: MIRROR,
      STAND_IN_ARTIFACTS: path.join(this.folder, 'artifacts'),
      STAND_IN_CLONES: path.join(this.folder, 'clones'),
      STAND_IN_MEANWHILE: '',
      STAND_IN_MODULES: path.join(ROOT, 'node_modules'),
      STAND_IN_RECORDS: path.join(this.folder, 'records'),
      HOME: path.join(this.folder, 'home'),
      GITHUB_REPOSITORY: repository,
      ...environment,
    };
    const args = [
      event,
      '--no-skip-checkout',
      '--action-offline-mode',
      '--no-cache-server',
      `--workflows=.github/workflows/${workflow}`,
      `--eventpath=${eventFile}`,
      `--action-cache-path=${scratch}`,
      '--secret=GITHUB_TOKEN=stub',
      '--platform=ubuntu-24.04=-self-hosted',
      '--platform=ubuntu-24.04-arm=-self-hosted',
      ...this.#stubs.flatMap((one) => ['--local-repository', one]),
      ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ];
    const clean = Object.fromEntries(
      Object.keys(process.env)
        .filter((name) => /^(AWS|GITHUB|ACTIONS)_/.test(name))
        .map((name) => [name, undefined]),
    );
    const result = await run('act', args, this.clone(repository), {
      ...clean,
      HOME: path.join(this.folder, 'home'),
      PATH: `${path.join(HERE, 'bin')}:${process.env['PATH']}`,
    });
    await rm(scratch, { recursive: true, force: true });
    return result;
  }

  /** What a recorder noted, a line a call; empty where it was not called. */
  async records(name: string): Promise<string[]> {
    const file = path.join(this.folder, 'records', name);
    return existsSync(file) ? (await readFile(file, 'utf8')).trim().split('\n') : [];
  }

  async forget(): Promise<void> {
    for (const name of await readdir(path.join(this.folder, 'records'))) {
      await rm(path.join(this.folder, 'records', name));
    }
    await rm(path.join(this.folder, 'artifacts'), { recursive: true });
    await mkdir(path.join(this.folder, 'artifacts'));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the workflows use of this repository: act copies all of it for each action that a step uses. */
const USED = [
  ':!*.spec.ts',
  ':!*/test*/*',
  ':!iac/bootstrap',
  '.ci',
  '.github',
  'cli',
  'iac',
  'redeployer',
  'LICENSE',
  'service/Dockerfile',
  'package*.json',
  '.gitignore',
  '.nvmrc',
];

const MIRROR = providerSource('terraform')['TF_CLI_CONFIG_FILE'] ?? '';

/** Small layers in place of the real ones, which tests of their own apply; and their one setting per environment. */
async function replaceLayers(iac: string): Promise<void> {
  const text = await readFile(path.join(HERE, 'layers/main.tf'), 'utf8');
  for (const layer of LAYERS) {
    await rm(path.join(iac, layer), { recursive: true });
    await mkdir(path.join(iac, layer));
    // As the real one, this layer cannot be planned without the redeployer's zip.
    const zip = '"${var.value} ${filesha256("${path.module}/../../redeployer/dist/redeployer.zip")}"';
    const own = layer === 'application' ? text.replace(/= var\.value$/m, `= ${zip}`) : text;
    await writeFile(path.join(iac, layer, 'main.tf'), own);
  }
}

/** Moves the environments of a folder into the emulator's account and region, without settings of the layers. */
export async function moveEnvironments(folder: string, account: string, region: string): Promise<void> {
  for (const environment of await readdir(folder)) {
    const common = path.join(folder, environment, 'common.auto.tfvars');
    const text = await readFile(common, 'utf8');
    const moved = text
      .replace(/account_id( *)= "\d+"/, `account_id$1= "${account}"`)
      .replace(/region( *)= "[^"]+"/, `region$1= "${region}"`)
      .replace(/architecture.*\n/, '');
    await writeFile(common, `${moved}architecture = "X86_64"\n`);
    await run('terraform', ['fmt', common], folder);
    const backend = path.join(folder, environment, 'backend.hcl');
    if (existsSync(backend)) {
      const there = await readFile(backend, 'utf8');
      await writeFile(backend, there.replace(/region( *)= "[^"]+"/, `region$1= "${region}"`));
    }
    for (const layer of LAYERS)
      await rm(path.join(folder, environment, `${layer}.auto.tfvars`), { force: true });
  }
}
