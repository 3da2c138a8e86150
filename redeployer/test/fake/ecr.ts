/**
 * An ECR repository in memory.
 * Models: immutable tags, one index with a tag and one child without, `imagePushedAt`, pages of two.
 * Does not model: layers, manifests, scans, lifecycle rules (a test expires an image itself), archiving.
 */
export interface StoredImage {
  imageDigest: string;
  imageTags?: string[];
  imagePushedAt: Date;
}

export class FakeEcr {
  readonly images: StoredImage[] = [];

  /** Pushes a build of one commit: its index under the tag and a child that has none. */
  push(tag: string, at: number, digest = digestOf(tag)): void {
    if (this.images.some(({ imageTags }) => imageTags?.includes(tag))) throw new Error(`${tag} is immutable`);
    this.images.push({ imageDigest: `${digest.slice(0, -1)}c`, imagePushedAt: new Date(at) });
    this.images.push({ imageDigest: digest, imageTags: [tag], imagePushedAt: new Date(at) });
  }

  expire(tag: string): void {
    const index = this.images.findIndex(({ imageTags }) => imageTags?.includes(tag));
    if (index >= 0) this.images.splice(index, 1);
  }

  describeImages(input: { repositoryName?: string; nextToken?: string; filter?: { tagStatus?: string } }) {
    const listed = this.images.filter(({ imageTags }) => input.filter?.tagStatus !== 'TAGGED' || imageTags);
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
