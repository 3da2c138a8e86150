import type { Trust } from './account.ts';
import { type Ask, orNothing } from './ask.ts';
import { check, type Finding, ok, type Said, wrong } from './finding.ts';

interface GitHubEnvironment {
  protection_rules?: { type: string }[];
  deployment_branch_policy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
}

const POLICY = '"deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}';

/** GitHub's own side of the roles' trust: the environments that they name, and who may use those. */
export async function examineGitHub(
  environment: string,
  { organisation, repository }: Trust,
  branch: string,
  gh: Ask,
): Promise<Finding[]> {
  const address = `repos/${organisation}/${repository}/environments`;
  return Promise.all(
    [environment, `${environment}-plan`].map((name) =>
      check(environment, `GitHub environment ${name}`, () => rules(`${address}/${name}`, name, branch, gh)),
    ),
  );
}

async function rules(address: string, name: string, branch: string, gh: Ask): Promise<Said> {
  const put = (body: string) => `gh api --method PUT ${address} --input - <<<'{${body}}'`;
  const found = await orNothing(gh<GitHubEnvironment>('api', address), '404');
  if (!found)
    return wrong('It is not there: the first job that names it makes it without any rule.', put(POLICY));
  const { deployment_branch_policy: policy, protection_rules: protections = [] } = found;
  const isReviewed = protections.some(({ type }) => type === 'required_reviewers');
  if (policy === null) {
    // GitHub takes all rules at once: what a call leaves out may be gone.
    const page = `see ${address.replace('repos/', 'https://github.com/').replace(/environments.*/, 'settings/environments')}`;
    return wrong('Every branch may use it.', isReviewed ? page : put(POLICY));
  }
  if (isReviewed && name.endsWith('-plan')) {
    return wrong(
      'It has reviewers, so every plan and every wait for a rollout waits for them.',
      put(`"reviewers":null,${POLICY}`),
    );
  }
  if (policy.custom_branch_policies) {
    const { branch_policies: branches } = await gh<{ branch_policies: { name: string }[] }>(
      'api',
      `${address}/deployment-branch-policies`,
    );
    if (!branches.some((one) => one.name === branch)) {
      return wrong(
        `The branch ${branch}, which the roles trust, may not use it.`,
        `gh api --method POST ${address}/deployment-branch-policies --raw-field name='${branch}'`,
      );
    }
  }
  return ok(`its branches are bound${isReviewed ? ', and it has reviewers' : ''}`);
}
