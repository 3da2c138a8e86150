import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { copyDefinitions } from './tree.ts';

/** A mistake that someone could make: `from`, which is in `file`, becomes `to`. */
export interface Mistake {
  readonly mistake: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const workflow = (name: string) => `.github/workflows/${name}.yml`;
const action = (name: string) => `.github/actions/${name}/action.yml`;
const CHECKOUT = /actions\/checkout@[0-9a-f]{40} # v7.0.1/;

/** Mistakes that no kept checker knows, each against one rule of this repository. */
export const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'an action pinned to a tag',
    file: workflow('drift'),
    from: CHECKOUT,
    to: 'actions/checkout@v7',
  },
  {
    mistake: 'an action pinned to another commit than its version',
    file: workflow('drift'),
    from: /checkout@[0-9a-f]{4}/,
    to: 'checkout@0000',
  },
  {
    mistake: 'an action that nobody looked at',
    file: workflow('ci'),
    from: 'run: |\n          printf',
    to: 'uses: some/action@3d3c42e5aac5ba805825da76410c181273ba90b1 # v1.0.0\n      - run: |\n          printf',
  },
  {
    mistake: 'a permission that the caller does not give',
    file: workflow('roll-back'),
    from: 'id-token: write # assumes the release role',
    to: 'contents: read # something',
  },
  {
    mistake: 'an output that no step of a composite action has',
    file: action('build-image'),
    from: 'steps.image.outputs.digest',
    to: 'steps.image.outputs.sha',
  },
  {
    mistake: 'an input that a composite action does not declare',
    file: action('terraform'),
    from: 'inputs.layer }}',
    to: 'inputs.layers-folder }}',
  },
  {
    mistake: 'a step that a composite action does not have',
    file: action('terraform'),
    from: 'steps.terraform.outputs.changes',
    to: 'steps.plan.outputs.changes',
  },
  {
    mistake: 'a local action by ./',
    file: workflow('publish-image'),
    from: 'uses: $/.github/actions/aws-oidc',
    to: 'uses: ./.github/actions/aws-oidc',
  },
  {
    mistake: 'an AWS key that is kept',
    file: action('aws-oidc'),
    from: 'role-to-assume: ${{ inputs.role-arn }}',
    to: 'aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}',
  },
  {
    mistake: 'a static key in the environment',
    file: workflow('ci'),
    from: 'env:\n          RESULTS',
    to: 'env:\n          AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE\n          RESULTS',
  },
  {
    mistake: 'credentials that stay in the checkout',
    file: workflow('terraform'),
    from: 'persist-credentials: false',
    to: 'persist-credentials: true',
  },
  {
    mistake: 'a checkout of Slipway by the token of the caller',
    file: workflow('terraform'),
    from: 'persist-credentials: false',
    to: 'persist-credentials: false\n          repository: ${{ job.workflow_repository }}',
  },
  {
    mistake: 'credentials that run out while it applies',
    file: workflow('terraform'),
    from: /\n +# As long as the job.*\n.*duration-seconds.*/,
    to: '',
  },
  {
    mistake: 'no timeout',
    file: workflow('terraform'),
    from: /\n +timeout-minutes: 120/,
    to: '',
  },
  {
    mistake: 'a cache in a job that publishes',
    file: action('build-redeployer'),
    from: 'package-manager-cache: false',
    to: 'cache: npm',
  },
  {
    mistake: 'a description left out',
    file: workflow('release-image'),
    from: /\n +description: Name of the service's ECS cluster/,
    to: '',
  },
];

/** A copy of the workflows and actions with one mistake in it. @throws Error where the mistake finds nothing to change */
export async function seed({ mistake, file, from, to }: Mistake): Promise<string> {
  const folder = await copyDefinitions();
  const text = await readFile(path.join(folder, file), 'utf8');
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`There is nothing to change in ${file} for: ${mistake}`);
  await writeFile(path.join(folder, file), changed);
  return folder;
}
