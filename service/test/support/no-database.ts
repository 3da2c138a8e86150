/** A configuration that is valid and leads nowhere, for what has to work without a database. */
export const NO_DATABASE = {
  DB_HOST: '127.0.0.1',
  DB_PORT: '1',
  DB_DATABASE: 'x',
  DB_USER: 'x',
  DB_PASSWORD: 'hunter2',
};
