/** Express with its defaults, and pg with a pool: what most APIs of this kind are. */
import express from 'express';
import { Pool } from 'pg';
import { listening, MESSAGE, VERSION_QUERY } from './peer.mjs';

const pool = new Pool();
const app = express();

app.get('/', (_request, response) => {
  response.json(MESSAGE);
});
app.get('/connect', async (_request, response) => {
  const { rows } = await pool.query(VERSION_QUERY);
  response.json({ engine: 'PostgreSQL', ...rows[0] });
});

listening(app.listen(0, '127.0.0.1'));
