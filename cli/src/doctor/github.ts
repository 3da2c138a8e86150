import {
  allowBranch,
  environmentsAddress,
  gitHubEnvironments,
  putEnvironment,
  type Rules,
} from '../github-environments.ts';
import type { Trust } from './account.ts';
import { type Ask, orNothing } from './ask.ts';
import { check, type Finding, ok, type Said, wrong } from './finding.ts';

interface Protection {
  type: string;
  wait_timer?: number;
  prevent_self_review?: boolean;
  reviewers?: { type: string; reviewer: { id: number } }[];
}

interface GitHubEnvironment {
  protection_rules?: Protection[];
  deployment_branch_policy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
}

/** GitHub's own side of the roles' trust: the environments that they name, and who may use those. */
export async function examineGitHub(
  environment: string,
  trust: Trust,
  { branch, plansPullRequests }: { branch: string; plansPullRequests: boolean },
  gh: Ask,
): Promise<Finding[]> {
  return Promise.all(
    gitHubEnvironments(environment, branch, plansPullRequests).map(({ name, branches }) =>
      check(environment, `GitHub environment ${name}`, () =>
        rules(`${environmentsAddress(trust)}/${name}`, branches, name !== environment, gh),
      ),
    ),
  );
}

async function rules(address: string, branches: string[], isForPlans: boolean, gh: Ask): Promise<Said> {
  const allow = (patterns: string[]) => patterns.map((one) => allowBranch(address, one));
  const found = await orNothing(gh<GitHubEnvironment>('api', address), '404');
  if (!found) {
    return wrong(
      'It is not there: the first job that names it makes it without any rule.',
      [putEnvironment(address), ...allow(branches)].join(' && '),
    );
  }
  const { deployment_branch_policy: policy, protection_rules: protections = [] } = found;
  const held = rulesOf(protections);
  const wanted = isForPlans ? { ...held, reviewers: null } : held;
  if (policy === null) {
    return wrong(
      'Every branch may use it.',
      [putEnvironment(address, wanted), ...allow(branches)].join(' && '),
    );
  }
  if (isForPlans && held.reviewers) {
    return wrong(
      'It has reviewers, so every plan and every wait for a rollout waits for them.',
      putEnvironment(address, wanted),
    );
  }
  if (policy.custom_branch_policies) {
    const { branch_policies: policies } = await gh<{ branch_policies: { name: string }[] }>(
      'api',
      `${address}/deployment-branch-policies`,
    );
    const missing = branches.filter((one) => !policies.some(({ name }) => name === one));
    if (missing.length > 0) {
      return wrong(
        `${missing.join(' and ')}, which the roles trust, may not use it.`,
        allow(missing).join(' && '),
      );
    }
  }
  return ok(`its branches are bound${held.reviewers ? ', and it has reviewers' : ''}`);
}

/** What is there, as GitHub takes it back. */
function rulesOf(protections: Protection[]): Rules {
  const timer = protections.find(({ type }) => type === 'wait_timer')?.wait_timer;
  const review = protections.find(({ type }) => type === 'required_reviewers');
  return {
    ...(timer ? { wait_timer: timer } : {}),
    ...(review
      ? {
          prevent_self_review: review.prevent_self_review ?? false,
          reviewers: (review.reviewers ?? []).map(({ type, reviewer }) => ({ type, id: reviewer.id })),
        }
      : {}),
  };
}
