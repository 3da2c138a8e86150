/** Express with a connection made for each request: what the first version of such an API does. */
import express from 'express';
import { Client } from 'pg';
import { MESSAGE, VERSION_QUERY } from './answers.mjs';
import { listening } from './listening.mjs';

const app = express();

app.get('/', (_request, response) => {
  response.json(MESSAGE);
});
app.get('/connect', async (_request, response) => {
  const client = new Client();
  await client.connect();
  try {
    const { rows } = await client.query(VERSION_QUERY);
    response.json({ engine: 'PostgreSQL', ...rows[0] });
  } finally {
    await client.end();
  }
});

listening(app.listen(0, '127.0.0.1'));
