import type { NodeVersion } from './lib/node-versions.ts';
import { Server } from './lib/server.ts';

/** One that is measured. */
export interface Contestant {
  /** As the tables call it. */
  name: string;
  /** What it is, in a sentence. */
  description: string;
  /** Its main module, from the repository's root. */
  main: string;
  /** Whether it asks a database at `GET /connect`. */
  hasDatabase: boolean;
  /** Where it answers 200 once it is ready. */
  readyAt: string;
}

export const SLIPWAY: Contestant = {
  name: 'Slipway',
  description: 'the service as the image runs it, its request log on',
  main: 'dist/main.js',
  hasDatabase: true,
  readyAt: '/health/ready',
};

const peer = (name: string, file: string, description: string, hasDatabase = true): Contestant => ({
  name,
  description,
  main: `bench/peers/${file}`,
  hasDatabase,
  readyAt: hasDatabase ? '/connect' : '/',
});

export const EXPRESS = peer('Express', 'express.mjs', 'Express 5 with its defaults, and pg with a pool');
export const NO_POOL = peer(
  'Express, no pool',
  'express-no-pool.mjs',
  'the same, with a connection to the database for each request',
);
export const STARTER = peer(
  'Nest starter',
  'dist/nest-starter/main.js',
  'what `nest new` makes, with no database',
  false,
);
export const FASTIFY = peer('Fastify', 'fastify.mjs', 'Fastify 5 with its defaults, and pg with a pool');
const NODE_HTTP = peer('node:http', 'node-http.mjs', 'no framework at all, and pg with a pool');

export const CONTESTANTS = [SLIPWAY, EXPRESS, NO_POOL, STARTER, FASTIFY, NODE_HTTP];

/** Where the database is: the service's `DB_*` variables. */
export type Database = Record<string, string>;

/** Starts a contestant and waits until it is ready. */
export function start(
  { name, main, readyAt, hasDatabase }: Contestant,
  node: NodeVersion,
  database: Database,
  folder: string,
  flags: string[] = [],
): Promise<Server> {
  const variables = name === SLIPWAY.name ? { ...database, API_PORT: '0' } : postgresVariables(database);
  return Server.start({
    command: [node.program, ...flags, main],
    variables: hasDatabase ? variables : {},
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
