/** The smallest service there is: it answers with the commit that it was built from, and ends when it is told to. */
import { createServer } from 'node:http';

const server = createServer((_, response) => response.end(`ledger ${process.env['GIT_SHA']}\n`)).listen(3000);
process.once('SIGTERM', () => server.close());
