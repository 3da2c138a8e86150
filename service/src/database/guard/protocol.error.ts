/** Thrown away with the connection that it is about: the other side does not speak PostgreSQL's protocol. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}
