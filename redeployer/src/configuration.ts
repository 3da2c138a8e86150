import * as v from 'valibot';
import { ConfigurationError } from './errors.ts';
import type { ServedService } from './model.ts';

const name = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,240}$/, 'must be letters, digits, - or _, at most 240 of them'),
);

const idsOf = (what: string, form: RegExp) =>
  v.pipe(
    v.array(v.pipe(v.string(), v.regex(form, `must be the id of a ${what}`))),
    v.minLength(1, `must name at least one ${what}`),
  );

const Services = v.pipe(
  v.array(
    // Strict, so that a misspelt name is told instead of being ignored.
    v.strictObject({
      service: name,
      cluster: v.pipe(
        v.string(),
        v.regex(/^(arn:aws[\w-]*:ecs:.+:cluster\/)?[\w-]{1,255}$/, 'must be a name or an ARN'),
      ),
      repository: v.pipe(
        v.string(),
        v.regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'must be the name of an ECR repository'),
      ),
      container: name,
      minimumTasks: v.pipe(
        v.number(),
        v.integer('must be a whole number'),
        v.minValue(1, 'must be at least 1'),
      ),
      secretArns: v.array(
        v.pipe(
          v.string(),
          v.regex(/^arn:aws[\w-]*:secretsmanager:.+:secret:.+/, 'must be the ARN of a secret'),
        ),
      ),
      releaseCommand: v.optional(
        v.strictObject({
          subnets: idsOf('subnet', /^subnet-[0-9a-f]+$/),
          securityGroups: idsOf('security group', /^sg-[0-9a-f]+$/),
          assignPublicIp: v.boolean(),
          timeoutSeconds: v.pipe(
            v.number(),
            v.integer('must be a whole number'),
            v.minValue(1, 'must be at least 1'),
          ),
        }),
      ),
    }),
  ),
  v.minLength(1, 'must name at least one service'),
);

export interface Configuration {
  services: ServedService[];
  topicArn: string;
}

/**
 * Reads `SERVICES` and `OUTCOME_TOPIC_ARN`.
 * @throws ConfigurationError that names every mistake at once and repeats no value.
 */
export function readConfiguration(environment: Record<string, string | undefined>): Configuration {
  const topicArn = environment['OUTCOME_TOPIC_ARN'] ?? '';
  const topicMistakes = /^arn:aws[\w-]*:sns:[^:]+:\d+:[\w-]+$/.test(topicArn)
    ? []
    : ['OUTCOME_TOPIC_ARN must be the ARN of an SNS standard topic'];
  const { services, mistakes } = readServices(environment['SERVICES']);
  const all = [...topicMistakes, ...mistakes];
  if (all.length > 0) throw new ConfigurationError(all);
  return { services, topicArn };
}

function readServices(text: string | undefined): { services: ServedService[]; mistakes: string[] } {
  if (!text) return { services: [], mistakes: ['SERVICES is missing: it must be a JSON list of services'] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold what a log must not show.
    return { services: [], mistakes: ['SERVICES is not JSON'] };
  }
  const parsed = v.safeParse(Services, json);
  if (!parsed.success) {
    return { services: [], mistakes: parsed.issues.map((issue) => `${pathOf(issue)}: ${saidOf(issue)}`) };
  }
  const names = parsed.output.map(({ service }) => service);
  const twice = [...new Set(names.filter((one, index) => names.indexOf(one) !== index))];
  return { services: parsed.output, mistakes: twice.map((one) => `SERVICES names the service ${one} twice`) };
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path ? `SERVICES.${path}` : 'SERVICES';
}

function saidOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'regex' || issue.kind === 'validation') return issue.message;
  if (issue.expected === 'never') return 'is not a known setting';
  return issue.received === 'undefined' ? 'is missing' : `must be ${issue.expected ?? 'something else'}`;
}
