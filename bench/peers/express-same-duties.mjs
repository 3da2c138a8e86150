/** Express with security headers, a request log and a pool, each with its defaults: what its guides advise for production. */
import { createRequire } from 'node:module';
import express from 'express';
import helmet from 'helmet';
import { Pool } from 'pg';
import { listening, MESSAGE, VERSION_QUERY } from './peer.mjs';

/** Not imported: its types would change those of node:http for the whole repository. */
const pinoHttp = createRequire(import.meta.url)('pino-http');

const pool = new Pool();
const app = express();

app.use(helmet());
app.use(pinoHttp());
app.get('/', (_request, response) => {
  response.json(MESSAGE);
});
app.get('/connect', async (_request, response) => {
  const { rows } = await pool.query(VERSION_QUERY);
  response.json({ engine: 'PostgreSQL', ...rows[0] });
});

listening(app.listen(0, '127.0.0.1'));
