import type { Node } from './lib/image-node.ts';
import { Server } from './lib/server.ts';

/** A program that is measured. */
export interface Program {
  /** As the tables call it. */
  name: string;
  /** What it is, in a sentence. */
  description: string;
  /** Its main module, from the repository's root. */
  main: string;
  /** Where it answers 200 once it is ready, which takes a round trip to the database. */
  readyAt: string;
}

export const SLIPWAY: Program = {
  name: 'Slipway',
  description: 'the service as the image runs it',
  main: 'dist/main.js',
  readyAt: '/health/ready',
};

export const SAME_DUTIES: Program = {
  name: 'Express, same duties',
  description: 'Express 5, helmet, pino-http and pg with a pool, each with its defaults',
  main: 'bench/peers/express-same-duties.mjs',
  readyAt: '/connect',
};

export const EXPRESS: Program = {
  name: 'Express',
  description: 'Express 5 and pg with a pool: no request log, no security headers',
  main: 'bench/peers/express.mjs',
  readyAt: '/connect',
};

export const PROGRAMS = [SLIPWAY, SAME_DUTIES, EXPRESS];

/** Where the database is: the service's `DB_*` variables. */
export type Database = Record<string, string>;

/** Starts a program and waits until it is ready. */
export function start(
  { name, main, readyAt }: Program,
  node: Node,
  database: Database,
  folder: string,
  flags: string[] = [],
): Promise<Server> {
  return Server.start({
    command: [node.program, ...flags, main],
    variables: name === SLIPWAY.name ? { ...database, API_PORT: '0' } : postgresVariables(database),
    readyAt,
    folder,
  });
}

/** The same database in the variables that pg reads by itself. */
function postgresVariables(database: Database): Record<string, string> {
  const { DB_HOST = '', DB_PORT = '', DB_DATABASE = '', DB_USER = '', DB_PASSWORD = '' } = database;
  return {
    PGHOST: DB_HOST,
    PGPORT: DB_PORT,
    PGDATABASE: DB_DATABASE,
    PGUSER: DB_USER,
    PGPASSWORD: DB_PASSWORD,
  };
}
