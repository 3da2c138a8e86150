import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { copyDefinitions } from './tree.ts';

/** A mistake that someone could make: `from`, which is in `file`, becomes `to`. */
export interface Mistake {
  readonly mistake: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  /** Whether the language service or a rule of this repository has to see it, so that `npm test` is red. */
  readonly node: boolean;
}

const workflow = (name: string) => `.github/workflows/${name}.yml`;
const action = (name: string) => `.github/actions/${name}/action.yml`;
const CHECKOUT = /actions\/checkout@[0-9a-f]{40} # v7.0.1/;

/** The seeded mistakes; each has to turn at least one checker red. */
export const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'an action pinned to a tag',
    file: workflow('drift'),
    from: CHECKOUT,
    to: 'actions/checkout@v7',
    node: true,
  },
  {
    mistake: 'an action pinned to another commit than its version',
    file: workflow('drift'),
    from: /checkout@[0-9a-f]{4}/,
    to: 'checkout@0000',
    node: true,
  },
  {
    mistake: 'an action that nobody looked at',
    file: workflow('ci'),
    from: 'run: |\n          printf',
    to: 'uses: some/action@3d3c42e5aac5ba805825da76410c181273ba90b1 # v1.0.0\n      - run: |\n          printf',
    node: true,
  },
  {
    mistake: 'an expression in run',
    file: workflow('ci'),
    from: '"$RESULTS"',
    to: '"${{ github.head_ref }}"',
    node: false,
  },
  {
    mistake: "an expression in a composite action's run",
    file: action('request-release'),
    from: `run: '"$GITHUB_ACTION_PATH/request.sh"'`,
    to: "run: echo '${{ inputs.commit }}'",
    node: false,
  },
  {
    mistake: 'permissions for the whole workflow',
    file: workflow('publish-image'),
    from: 'permissions: {}',
    to: 'permissions: write-all',
    node: false,
  },
  {
    mistake: 'no permissions on top',
    file: workflow('drift'),
    from: 'permissions: {}\n',
    to: '',
    node: false,
  },
  {
    mistake: 'a permission without a reason',
    file: workflow('drift'),
    from: 'issues: write # opens, updates and closes the issue',
    to: 'issues: write',
    node: false,
  },
  {
    mistake: 'a permission that the caller does not give',
    file: workflow('roll-back'),
    from: 'id-token: write # assumes the release role',
    to: 'contents: read # something',
    node: true,
  },
  {
    mistake: 'a misspelt input of a reusable workflow',
    file: workflow('application'),
    from: 'dockerfile: service',
    to: 'dockrfile: service',
    node: true,
  },
  {
    mistake: 'a required input of a reusable workflow left out',
    file: workflow('roll-back'),
    from: /\n +commit: \$.*/,
    to: '',
    node: true,
  },
  {
    mistake: 'a wrong type of input',
    file: workflow('test-workflows'),
    from: 'layer: connectivity',
    to: 'layer: connectivity\n      layers-path: [one, two]',
    node: true,
  },
  {
    mistake: 'a word for a number',
    file: workflow('roll-back'),
    from: 'commit: ${{ inputs.commit }}',
    to: 'commit: ${{ inputs.commit }}\n      wait-seconds: long',
    node: false,
  },
  {
    mistake: "a misspelt input of this repository's action",
    file: workflow('publish-image'),
    from: 'since: ${{',
    to: 'sinse: ${{',
    node: true,
  },
  {
    mistake: 'a misspelt input of a pinned action',
    file: workflow('drift'),
    from: 'persist-credentials: false',
    to: 'persist-credential: false',
    node: true,
  },
  {
    mistake: 'an output that a job does not declare',
    file: workflow('publish-image'),
    from: 'needs.settings.outputs.region',
    to: 'needs.settings.outputs.regions',
    node: true,
  },
  {
    mistake: 'an output that a reusable workflow does not declare',
    file: workflow('test-workflows'),
    from: 'needs.terraform.outputs.plan-sha256',
    to: 'needs.terraform.outputs.sha256',
    node: true,
  },
  {
    mistake: 'an output that no step of a composite action has',
    file: action('build-image'),
    from: 'steps.image.outputs.digest',
    to: 'steps.image.outputs.sha',
    node: true,
  },
  {
    mistake: 'an input that a composite action does not declare',
    file: action('terraform'),
    from: 'inputs.layer }}',
    to: 'inputs.layers-folder }}',
    node: true,
  },
  {
    mistake: 'a step that a composite action does not have',
    file: action('terraform'),
    from: 'steps.terraform.outputs.changes',
    to: 'steps.plan.outputs.changes',
    node: true,
  },
  {
    mistake: 'a local action by ./',
    file: workflow('publish-image'),
    from: 'uses: $/.github/actions/aws-oidc',
    to: 'uses: ./.github/actions/aws-oidc',
    node: true,
  },
  {
    mistake: 'an action that is not there',
    file: workflow('drift'),
    from: 'actions/report-drift',
    to: 'actions/report',
    node: true,
  },
  {
    mistake: 'an AWS key that is kept',
    file: action('aws-oidc'),
    from: 'role-to-assume: ${{ inputs.role-arn }}',
    to: 'aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}',
    node: true,
  },
  {
    mistake: 'a static key in the environment',
    file: workflow('ci'),
    from: 'env:\n          RESULTS',
    to: 'env:\n          AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE\n          RESULTS',
    node: true,
  },
  {
    mistake: 'commands that set the environment, allowed again',
    file: workflow('ci'),
    from: 'env:\n          RESULTS',
    to: 'env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n          RESULTS',
    node: false,
  },
  {
    mistake: 'inherited secrets',
    file: workflow('application'),
    from: 'with:\n      environment: dev',
    to: 'secrets: inherit\n    with:\n      environment: dev',
    node: false,
  },
  {
    mistake: 'credentials that stay in the checkout',
    file: workflow('terraform'),
    from: 'persist-credentials: false',
    to: 'persist-credentials: true',
    node: true,
  },
  {
    mistake: 'a checkout of Slipway by the token of the caller',
    file: workflow('terraform'),
    from: 'persist-credentials: false',
    to: 'persist-credentials: false\n          repository: ${{ job.workflow_repository }}',
    node: true,
  },
  {
    mistake: 'credentials that run out while it applies',
    file: workflow('terraform'),
    from: /\n +# As long as the job.*\n.*duration-seconds.*/,
    to: '',
    node: true,
  },
  {
    mistake: 'pull_request_target',
    file: workflow('ci'),
    from: 'pull_request:',
    to: 'pull_request_target:',
    node: false,
  },
  {
    mistake: 'no timeout',
    file: workflow('terraform'),
    from: /\n +timeout-minutes: 120/,
    to: '',
    node: true,
  },
  {
    mistake: 'no concurrency where something changes',
    file: workflow('infrastructure'),
    from: /concurrency:\n(?: .*\n)+/,
    to: '',
    node: false,
  },
  {
    mistake: 'a cache in a job that publishes',
    file: action('build-redeployer'),
    from: 'package-manager-cache: false',
    to: 'cache: npm',
    node: true,
  },
  {
    mistake: 'an unknown context',
    file: workflow('application'),
    from: 'group: application-${{ github.sha }}',
    to: 'group: application-${{ git.sha }}',
    node: true,
  },
  {
    mistake: 'a schedule that never comes',
    file: workflow('drift'),
    from: '17 3 * * *',
    to: '17 25 * * *',
    node: true,
  },
  {
    mistake: 'a job that needs itself in a circle',
    file: workflow('promote-image'),
    from: 'source:\n    name: Look',
    to: 'source:\n    needs: promote\n    name: Look',
    node: true,
  },
  {
    mistake: 'no shell in a composite action',
    file: action('terraform'),
    from: 'shell: bash\n',
    to: '',
    node: true,
  },
  {
    mistake: 'an unknown runner',
    file: workflow('release'),
    from: 'ubuntu-24.04',
    to: 'ubuntu-25.04',
    node: false,
  },
  {
    mistake: 'a description left out',
    file: workflow('release-image'),
    from: /\n +description: Name of the service's ECS cluster/,
    to: '',
    node: true,
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
