/** Node's own HTTP server and pg with a pool, nothing between: the limit of the runtime. */
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { MESSAGE, VERSION_QUERY } from './answers.mjs';
import { listening } from './listening.mjs';

const pool = new Pool();

const server = createServer((request, response) => void respond(request, response));

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function respond(request, response) {
  try {
    const body = await answer(request.url);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
  } catch {
    response.statusCode = 500;
    response.end();
  }
}

/** @param {string | undefined} url */
async function answer(url) {
  if (url === '/connect') {
    const { rows } = await pool.query(VERSION_QUERY);
    return { engine: 'PostgreSQL', ...rows[0] };
  }
  return MESSAGE;
}

listening(server.listen(0, '127.0.0.1'));
