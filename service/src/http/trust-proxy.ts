import { compile } from 'proxy-addr';

const isPrivate = compile(['loopback', 'linklocal', 'uniquelocal']);

/**
 * Which addresses of the `X-Forwarded-For` chain are believed, as proxy-addr asks. Hop 0 is the peer: only a
 * private address can be our load balancer, so a task with a public IP believes nobody. Hop 1 is CloudFront, which
 * the load balancer alone lets in. What stands before those two is the viewer.
 */
export function trustProxy(address: string, hop: number): boolean {
  return hop === 0 ? isPrivate(address, hop) : hop === 1;
}
