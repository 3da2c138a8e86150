import { z } from 'zod';
import { ConfigurationError } from './configuration.error.ts';
import { rdsRegion } from './rds-region.ts';
import { RULES, usesIam } from './rules.ts';

const AUTHENTICATIONS = ['password', 'iam'] as const;
const SSL_MODES = ['disable', 'require', 'verify-full'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** A whole number as an environment variable spells it: digits only, so that `0x10`, `1e3` and ` 7` are refused. */
function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d+$/, error).transform(Number).pipe(z.number().min(min, error).max(max, error));
}

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

const required = z.string('is required');
/** The longest delay that Node's timers take, in milliseconds. */
export const MAX_TIMER_MS = 2_147_483_647;
const milliseconds = wholeNumber(1, MAX_TIMER_MS);

const variables = z.object({
  /** TCP port of the API; 0 lets the system choose, and the log names the choice. */
  API_PORT: wholeNumber(0, 65_535).default(3000),
  DB_DATABASE: required,
  DB_HOST: required,
  DB_PORT: wholeNumber(1, 65_535).default(5432),
  DB_USER: required,
  /** `iam`: each new connection signs in with a token of the task's role. */
  DB_AUTH: oneOf(AUTHENTICATIONS).default('password'),
  DB_PASSWORD: z.string().optional(),
  /** A file that holds the password and is read anew for each connection. */
  DB_PASSWORD_FILE: z.string().optional(),
  DB_SSLMODE: oneOf(SSL_MODES).optional(),
  DB_POOL_MAX: wholeNumber(1, 1000).default(10),
  DB_CONNECT_TIMEOUT_MS: milliseconds.default(3000),
  DB_QUERY_TIMEOUT_MS: milliseconds.default(3000),
  SHUTDOWN_DELAY_MS: wholeNumber(0, MAX_TIMER_MS).default(0),
  SHUTDOWN_TIMEOUT_MS: milliseconds.default(10_000),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  /** The commit that was built, baked into the image. */
  GIT_SHA: z.string().default('unknown'),
  /** The database's region, where its host name does not say it. */
  AWS_REGION: z.string().optional(),
  // Where a task finds its role's credentials; ECS sets the first, EKS the others.
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: z.string().optional(),
  AWS_CONTAINER_CREDENTIALS_FULL_URI: z.string().optional(),
  AWS_CONTAINER_AUTHORIZATION_TOKEN: z.string().optional(),
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: z.string().optional(),
});

const schema = RULES.reduce(
  // Each rule also when other variables are wrong, so that all are named at once.
  (checked, { name, error, holds }) => checked.refine(holds, { path: [name], error, when: () => true }),
  variables,
).transform((set) => ({
  ...set,
  DB_SSLMODE: set.DB_SSLMODE ?? (usesIam(set) || rdsRegion(set.DB_HOST) ? 'verify-full' : 'disable'),
}));

/** The names of all variables that the service reads. */
export const VARIABLES: ReadonlySet<string> = new Set(Object.keys(variables.shape));

/** The service's whole configuration, checked, with defaults filled in and numbers as numbers. */
export type Environment = z.output<typeof schema>;

/**
 * Reads the configuration. An empty variable counts as one that is not set.
 *
 * @throws ConfigurationError that names every wrong variable at once
 */
export function parseEnvironment(environment: Record<string, unknown>): Environment {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (!result.success) {
    throw new ConfigurationError(result.error.issues);
  }
  return result.data;
}
