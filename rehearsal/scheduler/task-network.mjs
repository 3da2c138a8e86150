/**
 * Preloaded into a simulated task: what AWS's network and Amazon's certificate authority are to a real one. The name of the
 * database leads to the rehearsal's PostgreSQL, and the authority that signed its certificate counts among Amazon's. The
 * service still checks chain and host name itself.
 */
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import tls from 'node:tls';

/** @type {{ host: string, port: number, leadsTo: number, authority: string }} `leadsTo`: a port on loopback */
const database = JSON.parse(process.env['REHEARSAL_DATABASE'] ?? '');
delete process.env['REHEARSAL_DATABASE'];

const { createSecureContext } = tls;
// The one list of authorities that a task makes is Amazon's; for all others it keeps to Node's.
tls.createSecureContext = (options) =>
  createSecureContext(
    Array.isArray(options?.ca) ? { ...options, ca: [...options.ca, database.authority] } : options,
  );
syncBuiltinESMExports();

// oxlint-disable-next-line typescript/unbound-method -- called with the socket that it belongs to
const { connect } = Socket.prototype;
/** @param {any[]} args */
Socket.prototype.connect = function redirected(...args) {
  const [port, host, ...rest] = args;
  const target =
    port === database.port && host === database.host ? [database.leadsTo, '127.0.0.1', ...rest] : args;
  return Reflect.apply(connect, this, target);
};
