/** What the callers' workflows are made of. */
export interface Callers {
  /** The environment that each push goes to. */
  first: string;
  /** The others, each with the one that it promotes from. */
  others: { name: string; from: string }[];
  environmentsPath: string;
  /** Before the workflows' names, where the repository has several services. */
  prefix: string;
  context: string;
  dockerfile: string;
  branch: string;
  commit: string;
  version: string;
}

/** The files of `.github/` by their path, as a repository holds them. */
export function workflowsOf(callers: Callers): Map<string, string> {
  const { others, prefix } = callers;
  const at = (name: string) => `.github/workflows/${prefix}${name}.yml`;
  return new Map([
    [at('deliver'), deliver(callers, `${prefix}deliver`)],
    [at('infrastructure'), infrastructure(callers, `${prefix}infrastructure`)],
    ...others.map((one) => [at(one.name), later(callers, one, `${prefix}${one.name}`)] as const),
  ]);
}

export const DEPENDABOT = `version: 2
updates:
  # The workflows of Slipway are pinned like every other action, and move like them.
  - package-ecosystem: github-actions
    directory: /
    schedule: { interval: weekly }
    cooldown: { default-days: 7 }
`;

const titled = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function uses({ commit, version }: Callers, workflow: string): string {
  return `uses: slipway-dev/slipway/.github/workflows/${workflow}.yml@${commit} # v${version}`;
}

/** The inputs that every call of a repository with several services has beside its own. */
function place({ environmentsPath }: Callers): string {
  return environmentsPath === 'environments' ? '' : `, environments-path: ${environmentsPath}`;
}

function deliver(callers: Callers, name: string): string {
  const { first, environmentsPath, context, dockerfile, branch } = callers;
  const filter =
    context === '.'
      ? `paths-ignore: ['**.md', ${environmentsPath}/**]`
      : `paths: [${context}/**, '!${environmentsPath}/**']`;
  const build =
    (context === '.' ? '' : `, context: ${context}`) +
    (dockerfile === 'Dockerfile' ? '' : `, dockerfile: ${dockerfile}`);
  return `# Every change of the service on ${branch}: its image is built once, and ${first} runs it. By hand: the same for ${branch} as it is.
name: ${name}

on: { push: { branches: [${branch}], ${filter} }, workflow_dispatch: {} }

permissions: {}

concurrency: { group: '${name}-\${{ github.sha }}', cancel-in-progress: false }

jobs:
  ${first}:
    name: ${titled(first)}
    permissions: { contents: read, id-token: write } # checks the commit out, assumes the publish and the plan role
    ${uses(callers, 'publish-image')}
    with: { environment: ${first}${place(callers)}${build} }
`;
}

function later(
  callers: Callers,
  { name: environment, from }: { name: string; from: string },
  name: string,
): string {
  return `# By hand, behind the approval of the environment ${environment}: what ${from} runs goes there, or a commit that ${environment} had comes back.
name: ${name}

on:
  workflow_dispatch:
    inputs:
      do: { description: What to do, type: choice, options: [promote, roll back], required: true }
      commit: { description: Commit; to promote what ${from} runs leave it empty, type: string }

permissions: {}

concurrency: { group: '${name}-\${{ github.run_id }}', cancel-in-progress: false }

jobs:
  promote:
    name: Promote
    if: inputs.do == 'promote'
    permissions: { contents: read, id-token: write } # reads the environments, assumes the publish and the plan roles
    ${uses(callers, 'promote-image')}
    with: { environment: ${environment}, from: ${from}, commit: '\${{ inputs.commit }}'${place(callers)} }

  roll-back:
    name: Roll back
    if: inputs.do == 'roll back'
    permissions: { contents: read, id-token: write } # reads the environment, assumes the release role
    ${uses(callers, 'release-image')}
    with: { environment: ${environment}, commit: '\${{ inputs.commit }}'${place(callers)} }
`;
}

function infrastructure(callers: Callers, name: string): string {
  const { first, others, environmentsPath } = callers;
  const environments = [first, ...others.map((one) => one.name)].join(', ');
  const path =
    environmentsPath === 'environments' ? '' : `\n    with: { environments-path: ${environmentsPath} }`;
  const layerPath =
    environmentsPath === 'environments' ? '' : `\n      environments-path: ${environmentsPath}`;
  return `# A pull request that touches the settings shows its plans. By hand: plans, applies or destroys one layer. The layers are
# Slipway's; the settings are those in ${environmentsPath}/.
name: ${name}

on:
  pull_request: { paths: [${environmentsPath}/**] }
  workflow_dispatch:
    inputs:
      environment: { description: Environment, type: choice, options: [${environments}], required: true }
      layer: { description: Layer, type: choice, options: [connectivity, security, databases, application] }
      command: { description: What to do, type: choice, options: [plan, apply, destroy], required: true }
      plan: { description: 'With apply, the plan of an earlier run to carry out', type: string }

permissions: {}

concurrency: { group: '${name}-\${{ github.run_id }}', cancel-in-progress: false }

jobs:
  changes:
    name: Changes
    if: github.event_name == 'pull_request'
    permissions: { contents: read, id-token: write, pull-requests: write } # reads, assumes the plan role, comments
    ${uses(callers, 'plan-changes')}${path}

  layer:
    name: \${{ inputs.layer }}
    if: github.event_name == 'workflow_dispatch'
    permissions: { contents: read, id-token: write, actions: read } # reads, assumes roles, looks who approves
    ${uses(callers, 'terraform')}
    with:
      environment: \${{ inputs.environment }}
      layer: \${{ inputs.layer }}
      command: \${{ inputs.command }}
      plan: \${{ inputs.plan }}${layerPath}
`;
}
