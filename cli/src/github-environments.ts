/** What GitHub is given of an environment's rules beside its branches: it takes all at once, and what is left out may be gone. */
export interface Rules {
  wait_timer?: number;
  prevent_self_review?: boolean;
  reviewers?: { type: string; id: number }[] | null;
}

const POLICY = { protected_branches: false, custom_branch_policies: true };

/** Where GitHub's API has the environments of a repository. */
export function environmentsAddress(github: { organisation: string; repository: string }): string {
  return `repos/${github.organisation}/${github.repository}/environments`;
}

/** The two environments of GitHub that one of ours has, each with what may use it. */
export function gitHubEnvironments(environment: string, branch: string, plansPullRequests: boolean) {
  return [
    { name: environment, branches: [branch] },
    { name: `${environment}-plan`, branches: [branch, ...(plansPullRequests ? ['refs/pull/*/merge'] : [])] },
  ];
}

/** The command that makes an environment which no branch may use yet, or changes it. @param address of the environment */
export function putEnvironment(address: string, rules: Rules = {}): string {
  const body = JSON.stringify({ ...rules, deployment_branch_policy: POLICY });
  return `gh api --method PUT ${address} --input - <<<'${body}'`;
}

/** The command that lets a branch use an environment. @param pattern a branch, or refs by their pattern */
export function allowBranch(address: string, pattern: string): string {
  return `gh api --method POST ${address}/deployment-branch-policies --raw-field name='${pattern}'`;
}
