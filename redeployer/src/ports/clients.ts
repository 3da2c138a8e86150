import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { SNSClient } from '@aws-sdk/client-sns';

export interface Clients {
  ecr: ECRClient;
  ecs: ECSClient;
  /** Sends what must not be sent twice: repeats throttled calls only, which AWS has surely not carried out. */
  ecsWriter: ECSClient;
  sns: SNSClient;
}

/**
 * Enough attempts that the signal of the function's remaining time ends the retries, not their number;
 * a hanging connection is dropped early enough to leave time for another.
 */
const PATIENT = {
  maxAttempts: 12,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 8000, throwOnRequestTimeout: true },
};

/** Creates the clients once per Lambda environment; region, credentials and endpoint come from AWS's own variables. */
export function createClients(): Clients {
  const ecs = new ECSClient(PATIENT);
  return {
    ecr: new ECRClient(PATIENT),
    ecs,
    ecsWriter: new ECSClient({ ...PATIENT, retryStrategy: throttledOnly(ecs) }),
    sns: new SNSClient(PATIENT),
  };
}

type RetryStrategy = Exclude<NonNullable<ECSClientConfig['retryStrategy']>, () => unknown>;
type Refresh = Extract<RetryStrategy, { acquireInitialRetryToken: unknown }>['refreshRetryTokenForRetry'];

function throttledOnly(client: ECSClient): RetryStrategy {
  const standard = async () => {
    const strategy = await client.config.retryStrategy();
    if (!('acquireInitialRetryToken' in strategy)) throw new Error('the SDK changed its retry strategies');
    return strategy;
  };
  const refreshRetryTokenForRetry: Refresh = async (token, info) => {
    if (info.errorType !== 'THROTTLING') throw new Error('only a throttled write is repeated');
    return (await standard()).refreshRetryTokenForRetry(token, info);
  };
  return {
    mode: 'standard',
    acquireInitialRetryToken: async (scope) => (await standard()).acquireInitialRetryToken(scope),
    refreshRetryTokenForRetry,
    recordSuccess: (token) => void standard().then((strategy) => strategy.recordSuccess(token)),
  };
}
