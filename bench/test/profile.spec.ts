import { describe, expect, it } from '@jest/globals';
import { readProfile } from '../measure/read-profile.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

describe('readProfile', () => {
  it('sums self time by package, without what is idle or loads the program', () => {
    const { groups, functions } = readProfile({
      nodes: [
        node(1, '(root)', '', [2, 3, 5, 6, 7, 8]),
        node(2, '(idle)', ''),
        node(3, 'evaluate', '', [4]),
        node(4, 'once', 'file:///x/node_modules/zod/index.js'),
        node(5, 'send', 'file:///x/node_modules/express/lib/response.js'),
        node(6, 'next', 'file:///x/node_modules/a/node_modules/@nestjs/core/router.js'),
        node(7, 'writeUtf8String', ''),
        node(8, '', 'file:///x/dist/logging/request-log.js'),
      ],
      samples: [2, 4, 5, 6, 7, 8, 5],
      timeDeltas: [1000, 500, 10, 20, 40, 20, 10],
    });
    expect(groups).toEqual([
      { where: 'the socket: write', percent: 40 },
      { where: 'express', percent: 20 },
      { where: '@nestjs/core', percent: 20 },
      { where: 'service/', percent: 20 },
    ]);
    expect(functions.map(({ where }) => where)).toContain('(anonymous) in service/');
  });
});
