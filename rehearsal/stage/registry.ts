import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Aws } from './aws.ts';
import { ROOT } from '@slipway/test-helpers/root';

/** What an image holds, as far as it is simulated: a folder in place of layers, and the configuration. */
export interface Image {
  commit: string;
  digest: string;
  /** Where its files lie, absolute. */
  folder: string;
  entrypoint: string;
  command: string[];
  environment: Record<string, string>;
}

/** How an image differs from the service as it was built. */
export interface Changes {
  /** More migrations, by the names of their files. */
  migrations?: Record<string, string>;
  /** Text of the program, and what stands there instead. */
  edit?: { from: string; to: string };
}

const MIGRATIONS = 'service/migrations';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

/** Builds images of the service and pushes them as `docker push` ends: with PutImage. */
export class Registry {
  private readonly images = new Map<string, Image>();

  /**
   * @param repository the name of the ECR repository
   * @param folder absolute; files of images are kept in it
   */
  constructor(
    private readonly aws: Aws,
    private readonly repository: string,
    private readonly folder: string,
  ) {}

  /** Builds an image of the service as `npm run build` left it. */
  async build(commit: string, { migrations = {}, edit }: Changes = {}): Promise<Image> {
    const folder = path.join(this.folder, 'images', commit);
    await mkdir(folder, { recursive: true });
    for (const name of ['dist', 'package.json', MIGRATIONS]) {
      await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    }
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    for (const [name, sql] of Object.entries(migrations)) {
      await writeFile(path.join(folder, MIGRATIONS, name), sql);
    }
    if (edit !== undefined) {
      await replaceIn(path.join(folder, 'dist'), edit);
    }
    const image = {
      commit,
      folder,
      entrypoint: process.execPath,
      command: ['dist/main.js'],
      environment: { NODE_ENV: 'production', GIT_SHA: commit },
    };
    const digest = sha256(manifestOf(image));
    this.images.set(digest, { ...image, digest });
    return { ...image, digest };
  }

  /**
   * Pushes an image.
   *
   * @param tag undefined pushes it untagged, as the parts of an index are
   * @throws {Error} with the words of the AWS CLI when the registry refuses it
   */
  async push(image: Image, tag: string | undefined): Promise<void> {
    const file = path.join(this.folder, 'images', `${image.digest.slice(-12)}.json`);
    await writeFile(file, manifestOf(image));
    const options = ['--repository-name', this.repository, '--image-manifest', `file://${file}`];
    await this.aws.call('ecr', 'put-image', ...options, ...(tag === undefined ? [] : ['--image-tag', tag]));
  }

  /** What a task pulls. @param reference as a task definition names it: `…@sha256:…` */
  pull(reference: string): Image {
    const digest = reference.split('@')[1] ?? '';
    const image = this.images.get(digest);
    if (image === undefined) {
      throw new Error(`CannotPullContainerError: there is no image ${reference}`);
    }
    return image;
  }
}

/** @throws {Error} when no file has the text */
async function replaceIn(folder: string, { from, to }: { from: string; to: string }): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  const files = names.map((name) => path.join(folder, name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  if (!texts.some((text) => text.includes(from))) {
    throw new Error(`the service as it was built has no ${from}`);
  }
  await Promise.all(files.map((file, index) => writeFile(file, texts[index]!.replaceAll(from, to))));
}

function manifestOf({ commit, command, environment }: Omit<Image, 'digest'>): string {
  const config = JSON.stringify({ config: { Cmd: command, Env: environment, Labels: { commit } } });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, digest: sha256(config), size: config.length },
    layers: [],
    annotations: { 'org.opencontainers.image.revision': commit },
  });
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
