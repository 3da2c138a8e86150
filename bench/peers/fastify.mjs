/** Fastify with its defaults, and pg with a pool. */
import fastify from 'fastify';
import { Pool } from 'pg';
import { MESSAGE, VERSION_QUERY } from './answers.mjs';
import { listening } from './listening.mjs';

const pool = new Pool();
const app = fastify();

app.get('/', async () => MESSAGE);
app.get('/connect', async () => {
  const { rows } = await pool.query(VERSION_QUERY);
  return { engine: 'PostgreSQL', ...rows[0] };
});

listening(app.server);
await app.listen({ port: 0, host: '127.0.0.1' });
