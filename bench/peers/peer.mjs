/** What every peer answers, so that all of them send the same bytes of body. */
export const MESSAGE = { message: 'Slipway is afloat.' };

/** What every peer asks the database, as the service does. */
export const VERSION_QUERY = `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, version() AS banner`;

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
