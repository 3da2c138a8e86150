import { Logger } from '@nestjs/common';
import { VARIABLES } from './parse-environment.ts';

/** What other programs call what this one reads, and its name here. */
const OTHER_NAMES: Record<string, string> = {
  PORT: 'API_PORT',
  DATABASE_URL: 'DB_HOST, DB_PORT, DB_DATABASE, DB_USER and DB_PASSWORD',
  POSTGRES_DB: 'DB_DATABASE',
  POSTGRES_USER: 'DB_USER',
  POSTGRES_PASSWORD: 'DB_PASSWORD',
  PGHOST: 'DB_HOST',
  PGPORT: 'DB_PORT',
  PGDATABASE: 'DB_DATABASE',
  PGUSER: 'DB_USER',
  PGPASSWORD: 'DB_PASSWORD',
  PGSSLMODE: 'DB_SSLMODE',
};

/** Whatever else begins so is meant for this service, and misspelt. */
const OWN_PREFIXES = /^(DB|SHUTDOWN)_/;

type Variables = Record<string, string | undefined>;

/** Names in one line of the log, and without a value, what was meant for the service and does nothing. */
export function warnOfUnusedVariables(variables: Variables): void {
  const unused = unusedVariables(variables);
  if (unused.length > 0) {
    new Logger('Slipway').warn({ unused }, 'variables are set that the service does not read');
  }
}

/**
 * The variables that are set, look as if they were meant for this service, and are not read; each with the name of what
 * is read instead, where that can be told and is not set itself.
 */
export function unusedVariables(variables: Variables): string[] {
  const isSet = (name: string) => Boolean(variables[name]);
  return Object.keys(variables)
    .filter((name) => isSet(name) && !VARIABLES.has(name))
    .filter((name) => Object.hasOwn(OTHER_NAMES, name) || OWN_PREFIXES.test(name))
    .toSorted()
    .map((name) => {
      const meant = OTHER_NAMES[name];
      return meant === undefined || isSet(meant) ? name : `${name} (did you mean ${meant}?)`;
    });
}
