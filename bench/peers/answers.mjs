/** What every peer answers, so that all of them send the same bytes of body. */
export const MESSAGE = { message: 'Slipway is afloat.' };

/** What every peer asks the database, as the service does. */
export const VERSION_QUERY = `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, version() AS banner`;
