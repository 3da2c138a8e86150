import type { Node } from './lib/node.ts';
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

/** What programs are started with. */
export interface Place {
  node: Node;
  /** Where the database is: the service's `DB_*` variables. */
  database: Record<string, string>;
  /** A folder for logs. */
  folder: string;
}

/** Starts a program and waits until it is ready. */
export function start({ main, readyAt }: Program, { node, database, folder }: Place): Promise<Server> {
  // The same database in the variables that pg reads by itself.
  const forPeers = {
    PGHOST: database['DB_HOST'] ?? '',
    PGPORT: database['DB_PORT'] ?? '',
    PGDATABASE: database['DB_DATABASE'] ?? '',
    PGUSER: database['DB_USER'] ?? '',
    PGPASSWORD: database['DB_PASSWORD'] ?? '',
  };
  const variables = main === SLIPWAY.main ? { ...database, API_PORT: '0' } : forPeers;
  return Server.start({ command: [node.program, main], variables, readyAt, folder });
}
