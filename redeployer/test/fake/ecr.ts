import { Versions } from './versions.ts';

/**
 * An ECR repository in memory.
 * Models: immutable tags, one index with a tag and one child without, `imagePushedAt`, pages of two, lists
 * that are behind.
 * Does not model: layers, manifests, scans, lifecycle rules (a test expires an image itself), archiving.
 */
export interface StoredImage {
  imageDigest: string;
  imageTags?: string[];
  imagePushedAt: Date;
}

export class FakeEcr {
  private readonly versions = new Versions<{ images: readonly StoredImage[] }>({ images: [] });

  get images(): readonly StoredImage[] {
    return this.versions.newest.images;
  }

  /** Pushes a build of one commit: its index under the tag and a child that has none. */
  push(tag: string, at: number, digest = digestOf(tag)): void {
    if (this.images.some(({ imageTags }) => imageTags?.includes(tag))) throw new Error(`${tag} is immutable`);
    const imagePushedAt = new Date(at);
    const shared = this.images.find(({ imageDigest }) => imageDigest === digest);
    const index = { imageDigest: digest, imageTags: [...(shared?.imageTags ?? []), tag], imagePushedAt };
    const child = { imageDigest: `${digest.slice(0, -1)}c`, imagePushedAt };
    // A digest that is there already only gets another tag; it keeps the time of its first push.
    const kept = this.images.filter((one) => one !== shared);
    const pushed = shared ? [{ ...index, imagePushedAt: shared.imagePushedAt }] : [child, index];
    this.versions.follow({ images: [...kept, ...pushed] });
  }

  expire(tag: string): void {
    this.versions.follow({ images: this.images.filter(({ imageTags }) => !imageTags?.includes(tag)) });
  }

  describeImages(
    input: { repositoryName?: string; nextToken?: string; filter?: { tagStatus?: string } },
    changesAgo = 0,
  ) {
    const { images } = changesAgo > 0 ? this.versions.before(changesAgo) : this.versions.newest;
    const listed = images.filter(({ imageTags }) => input.filter?.tagStatus !== 'TAGGED' || imageTags);
    const start = Number(input.nextToken ?? 0);
    const nextToken = start + 2 < listed.length ? String(start + 2) : undefined;
    const named = { registryId: '111122223333', repositoryName: input.repositoryName };
    return {
      imageDetails: listed.slice(start, start + 2).map((image) => ({ ...named, ...image })),
      nextToken,
    };
  }
}

/** The digest that a commit's image has everywhere in the tests. */
export function digestOf(commit: string): string {
  return `sha256:${commit.padEnd(63, '0')}f`;
}
