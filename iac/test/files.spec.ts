import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ENVIRONMENTS, IAC, ROOTS } from '@slipway/test-helpers/terraform/layers';

const files = terraformFiles();

describe('every layer', () => {
  test.each(ROOTS)('%s shares the two common files and locks the provider', (root) => {
    for (const file of ['terraform.tf', 'environment.tf']) {
      expect(lstatSync(path.join(IAC, root, file)).isSymbolicLink()).toBe(true);
    }
    expect(read(root, '.terraform.lock.hcl')).toBe(read('connectivity', '.terraform.lock.hcl'));
  });

  test('reads another one in upstream.tf only', () => {
    const readers = files.filter((file) => read(file).includes('terraform_remote_state" "'));

    expect(readers.filter((file) => path.basename(file) !== 'upstream.tf')).toEqual([]);
    expect(readers).not.toEqual([]);
  });

  test('has no file that is too long to be read', () => {
    expect(files.filter((file) => read(file).length > 12_000)).toEqual([]);
  });
});

describe('every environment', () => {
  test.each(ENVIRONMENTS)(
    '%s has the backend, the common variables and those of each layer',
    (environment) => {
      const folder = path.join('environments', environment);
      const common = read(folder, 'common.auto.tfvars');
      const backend = read(folder, 'backend.hcl');

      for (const root of ROOTS) expect(read(folder, `${root}.auto.tfvars`)).not.toBe('');
      expect(common).toMatch(new RegExp(`^environment *= "${environment}"$`, 'm'));
      expect(setting(backend, 'bucket')).toBe(setting(common, 'state_bucket'));
      expect(setting(backend, 'region')).toBe(setting(common, 'region'));
    },
  );
});

describe('a check that is skipped', () => {
  const skips = files.flatMap((file) =>
    [...read(file).matchAll(/#\s*checkov:skip=([^\n]*)/g)].map((one) => one[1] ?? ''),
  );

  test('says why', () => {
    expect(skips.length).toBeGreaterThan(20);
    expect(skips.filter((skip) => !/^CKV2?_AWS_\d+:\S.{20,}\.$/.test(skip))).toEqual([]);
  });

  test('of tflint says why too', () => {
    const ignored = files.flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => line.includes('tflint-ignore')),
    );

    expect(ignored.filter((line) => !/tflint-ignore: \w+ # \S.{10,}\.$/.test(line))).toEqual([]);
  });
});

function terraformFiles(): string[] {
  return ROOTS.flatMap((root) =>
    readdirSync(path.join(IAC, root)).map((file) => path.join(root, file)),
  ).filter((file) => file.endsWith('.tf'));
}

function read(...parts: string[]): string {
  return readFileSync(path.join(IAC, ...parts), 'utf8');
}

function setting(text: string, name: string): string | undefined {
  return new RegExp(`^${name} *= "(.*)"$`, 'm').exec(text)?.[1];
}
