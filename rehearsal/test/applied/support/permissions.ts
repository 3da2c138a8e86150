import type { Resource } from './plan.ts';
import { policiesOf } from './policies.ts';

/** Where IAM calls an action otherwise than the operation is called. */
const ACTION_OF: Record<string, string> = {
  'budgets:CreateBudget': 'budgets:ModifyBudget',
  'budgets:CreateNotification': 'budgets:ModifyBudget',
  'budgets:DeleteBudget': 'budgets:ModifyBudget',
  'budgets:DescribeBudget': 'budgets:ViewBudget',
  'budgets:DescribeNotificationsForBudget': 'budgets:ViewBudget',
  'budgets:DescribeSubscribersForNotification': 'budgets:ViewBudget',
  'cloudfront:CreateDistributionWithTags': 'cloudfront:CreateDistribution',
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
};

/** Who may do it needs no permission. */
const FREE = new Set(['sts:GetCallerIdentity']);

/** The calls that none of these policies allows, as IAM's actions. */
export function refusedBy(policies: Resource[], calls: string[]): string[] {
  const allowed = policiesOf(policies)
    .flatMap(({ statements }) => statements)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
  const wanted = calls
    .map((call) => call.replace(/^monitoring:/, 'cloudwatch:'))
    .map((call) => ACTION_OF[call] ?? call);
  return wanted.filter((action) => !FREE.has(action) && !allowed.includes(action));
}
