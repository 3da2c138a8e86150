import type { Result } from './result.ts';
import type { Second } from './timeline.ts';

/** One band of a stacked chart. */
export interface Series {
  /** What it counts, for the legend and the tables. */
  name: string;
  /** A short word that is written into the band; empty writes none. */
  label: string;
  /** Its class in the style sheet: colour and pattern. */
  look: string;
  /** One value a second, from second 0. */
  values: number[];
}

/** Answers a second by commit, those of the database apart, and what failed. Bands without a value are left out. */
export function answersBySecond({ commits, timeline }: Result): Series[] {
  const length = lastSecond(timeline.answers, timeline.tasks) + 1;
  const known = Object.entries(commits).map(([name, commit]) => ({
    key: commit,
    name: `/version answered by commit ${name} (${commit.slice(0, 7)})`,
    label: name,
    look: `commit-${name.toLowerCase()}`,
  }));
  return present([
    ...known.map(({ key, ...rest }) => ({ ...rest, values: valuesOf(timeline.answers, key, length) })),
    {
      name: '/connect, a round trip to the database',
      label: '/connect',
      look: 'database',
      values: valuesOf(timeline.answers, '/connect', length),
    },
    { name: 'failed', label: '', look: 'failed', values: valuesOf(timeline.answers, 'failed', length) },
  ]);
}

const STATES = {
  healthy: 'healthy',
  starting: 'starting, not healthy yet',
  draining: 'draining: the load balancer sends it nothing new',
  stopping: 'stopping: SIGTERM was sent',
};

/** Tasks by state, second by second. */
export function tasksBySecond({ timeline }: Result): Series[] {
  const length = lastSecond(timeline.answers, timeline.tasks) + 1;
  return present(
    Object.entries(STATES).map(([state, name]) => ({
      name,
      label: state,
      look: state,
      values: valuesOf(timeline.tasks, state, length),
    })),
  );
}

function present(series: Series[]): Series[] {
  return series.filter(({ values }) => values.some((value) => value > 0));
}

function lastSecond(...lists: Second[][]): number {
  return Math.max(0, ...lists.map((list) => list.at(-1)?.at ?? 0));
}

function valuesOf(seconds: Second[], label: string, length: number): number[] {
  const values = Array.from({ length }, () => 0);
  for (const { at, counts } of seconds) {
    values[at] = counts[label] ?? 0;
  }
  return values;
}
