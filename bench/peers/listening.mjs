/**
 * Tells the bench on standard output where a peer listens, once it does.
 *
 * @param {import('node:net').Server} server
 */
export function listening(server) {
  server.on('listening', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.stdout.write(`listening on ${port}\n`);
  });
}
