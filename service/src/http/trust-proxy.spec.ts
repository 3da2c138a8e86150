import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { trustProxy } from './trust-proxy.ts';

const clientOf = (peer: string, forwardedFor?: string) =>
  proxyAddr(
    {
      socket: { remoteAddress: peer },
      headers: { 'x-forwarded-for': forwardedFor },
    } as unknown as IncomingMessage,
    trustProxy,
  );

describe('trustProxy', () => {
  it('finds the viewer behind CloudFront and the load balancer', () => {
    expect(clientOf('10.0.1.7', '203.0.113.9, 130.176.1.1')).toBe('203.0.113.9');
    expect(clientOf('::ffff:10.0.1.7', '203.0.113.9, 130.176.1.1')).toBe('203.0.113.9');
  });

  it('does not believe what the viewer itself put in front', () => {
    expect(clientOf('10.0.1.7', '1.2.3.4, 203.0.113.9, 130.176.1.1')).toBe('203.0.113.9');
  });

  it('believes nobody who connects from a public address', () => {
    expect(clientOf('203.0.113.9', '1.2.3.4, 5.6.7.8')).toBe('203.0.113.9');
  });

  it('takes the peer where nothing was forwarded', () => {
    expect(clientOf('10.0.1.7')).toBe('10.0.1.7');
  });
});
