import { DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { ServedService } from '../../../redeployer/src/model.ts';
import { UserError } from '../errors.ts';
import type { Environment } from '../environments.ts';
import { otherAccount } from '../signed-in.ts';

// On Node 20 the SDK would tell each time of versions of its own to come; the bundle holds the one that it was made with.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Credentials and endpoint are those of AWS's own variables and profiles. */
export function ecsClient({ region }: Environment): ECSClient {
  return new ECSClient({ region, maxAttempts: 5 });
}

/** An environment's service as the redeployer's reads take it; they look at the first two alone. */
export function servedService({ cluster, service, repository }: Environment): ServedService {
  return { cluster, service, repository, container: '', minimumTasks: 1, secretArns: [] };
}

/** @throws UserError where the service is not there, or is another account's. */
export async function describeService(client: ECSClient, environment: Environment): Promise<Service> {
  const { cluster, service, accountId } = environment;
  const { services = [] } = await client.send(
    new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] }),
  );
  const found = services.find(({ status }) => status === 'ACTIVE');
  if (!found) throw missing(environment);
  const account = found.serviceArn?.split(':')[4];
  if (account !== accountId) throw otherAccount(account, environment);
  return found;
}

function missing({ name, service, cluster, accountId, region }: Environment): UserError {
  return new UserError(
    `There is no service ${service} in the cluster ${cluster} of ${name}. Are these the credentials of account ` +
      `${accountId}? If so, the layer application is not applied in ${region} yet.`,
  );
}

/** What went wrong at AWS, in a sentence with what to do. The redeployer's reads wrap it in words for its own log. */
export function explained(error: unknown, environment: Environment): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const cause = error.cause instanceof Error ? error.cause : error;
  const { accountId, name } = environment;
  if (cause.name === 'ClusterNotFoundException') return missing(environment);
  if (/^(Credentials|TokenProvider)|^ExpiredToken|^UnrecognizedClient|^InvalidClientToken/.test(cause.name)) {
    return new UserError(
      `AWS does not know who you are (${cause.message}). Sign in with credentials of account ${accountId}, for ${name}.`,
    );
  }
  if (cause.name.startsWith('AccessDenied')) {
    return new UserError(
      `These credentials may not read ${name}: ${cause.message} The role \`plan\` may do all that is needed.`,
    );
  }
  return '$metadata' in cause || '$fault' in cause
    ? new UserError(`AWS did not answer for ${name}: ${cause.name}: ${cause.message}`)
    : error;
}
