/** The smallest service there is: it answers with the commit that it was built from. */
import { createServer } from 'node:http';

createServer((_, response) => response.end(`ledger ${process.env['GIT_SHA']}\n`)).listen(3000);
