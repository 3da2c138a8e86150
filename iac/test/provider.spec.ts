import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { usedOfProvider } from './support/attributes.ts';
import { isWithin, RECORD, type Record6 } from './support/provider-record.ts';

const record = JSON.parse(readFileSync(RECORD, 'utf8')) as Record6;
const used = [...usedOfProvider()];
const set = used.flatMap(([type, { blocks }]) =>
  [...blocks]
    .filter(([block]) => !isWithin(record.types[type]?.undescribed ?? [], block))
    .map(([block, names]) => ({ type, block, names: [...names], known: record.types[type]?.blocks[block] })),
);

/** Provider 5.100 is what the layers are validated and applied with; of 6 there is its schema alone. */
describe(`provider ${record.provider}`, () => {
  // What it does not know was removed from it, or came into a layer after the record was made: record-provider.ts.
  test('knows everything that the layers set', () => {
    const unknown = set.flatMap(({ type, block, names, known }) =>
      names.filter((name) => known?.known.includes(name) !== true).map((name) => `${type} ${block}.${name}`),
    );

    expect(unknown).toEqual([]);
    expect(set.flatMap(({ names }) => names).length).toBeGreaterThan(400);
  });

  test('knows everything that the layers read', () => {
    const reads = used.flatMap(([type, { read }]) => [...read].map((name) => ({ type, name })));
    const unknown = reads.filter(({ type, name }) => record.types[type]?.read.includes(name) !== true);

    expect(unknown).toEqual([]);
    expect(reads.length).toBeGreaterThan(50);
  });

  test('asks for nothing that the layers do not set', () => {
    const missing = set.flatMap(({ type, block, names, known }) =>
      (known?.required ?? [])
        .filter((name) => !names.includes(name))
        .map((name) => `${type} ${block}.${name}`),
    );

    expect(missing).toEqual([]);
  });

  test('is not described in one block only', () => {
    const undescribed = Object.entries(record.types).flatMap(([type, one]) =>
      (one.undescribed ?? []).map((block) => `${type} ${block}`),
    );

    expect(undescribed).toEqual(['aws_wafv2_web_acl rule.statement']);
  });
});
