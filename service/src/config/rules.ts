import { rdsRegion } from './rds-region.ts';

/** What a rule is about: these variables, of which any may be missing, and others be wrong. */
export interface Related {
  DB_HOST?: string;
  DB_AUTH?: string;
  DB_PASSWORD?: string;
  DB_PASSWORD_FILE?: string;
  DB_SSLMODE?: string;
  AWS_REGION?: string;
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI?: string;
  AWS_CONTAINER_CREDENTIALS_FULL_URI?: string;
}

interface Rule {
  /** The variable that is wrong where it does not hold. */
  name: keyof Related;
  /** What is wrong with it then. */
  error: string;
  holds: (set: Related) => boolean;
}

/** Rules between variables, whichever way the service signs in. */
const ALWAYS: Rule[] = [
  {
    name: 'DB_PASSWORD',
    error: 'is required (or DB_PASSWORD_FILE, but not both)',
    holds: (set) => usesIam(set) || (set.DB_PASSWORD === undefined) !== (set.DB_PASSWORD_FILE === undefined),
  },
];

/** Those of `DB_AUTH=iam` alone. */
const WITH_IAM: Rule[] = [
  {
    name: 'DB_PASSWORD',
    error: 'must not be set with DB_AUTH=iam',
    holds: (set) => set.DB_PASSWORD === undefined,
  },
  {
    name: 'DB_PASSWORD_FILE',
    error: 'must not be set with DB_AUTH=iam',
    holds: (set) => set.DB_PASSWORD_FILE === undefined,
  },
  {
    // The token goes to whoever answers, as it stands.
    name: 'DB_SSLMODE',
    error: 'must be verify-full with DB_AUTH=iam',
    holds: (set) => set.DB_SSLMODE !== 'disable' && set.DB_SSLMODE !== 'require',
  },
  {
    name: 'AWS_REGION',
    error: 'is required with DB_AUTH=iam, unless DB_HOST is a name of Amazon RDS, which has the region in it',
    holds: (set) => set.AWS_REGION !== undefined || rdsRegion(set.DB_HOST ?? '') !== undefined,
  },
  {
    name: 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    error:
      'is required with DB_AUTH=iam (or AWS_CONTAINER_CREDENTIALS_FULL_URI): ECS sets it for a task with a role',
    holds: (set) =>
      set.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI !== undefined ||
      set.AWS_CONTAINER_CREDENTIALS_FULL_URI !== undefined,
  },
  {
    name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    error: 'must be https, or http to this machine, to ECS (169.254.170.2) or to EKS (169.254.170.23)',
    holds: ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url }) => url === undefined || keepsSecrets(url),
  },
];

export const RULES: Rule[] = [
  ...ALWAYS,
  ...WITH_IAM.map((rule) => ({ ...rule, holds: (set: Related) => !usesIam(set) || rule.holds(set) })),
];

export function usesIam({ DB_AUTH }: Related): boolean {
  return DB_AUTH === 'iam';
}

/** Where nobody else hears what is said in clear; the same as of AWS's own SDKs. */
const PRIVATE_HOST = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/;

function keepsSecrets(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && PRIVATE_HOST.test(hostname));
}
