import { escape } from './escape.ts';
import type { Series } from './series.ts';

/** Where something is drawn; units of the picture. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** The seconds that its width stands for. */
  from: number;
  to: number;
}

const xOf = ({ left, width, from, to }: Frame, second: number) =>
  round(left + (width * (second - from)) / Math.max(1, to - from));

/** A stacked chart with steps a second wide, its scale, and a word in each band. @param unit what the scale counts */
export function stacked(series: Series[], frame: Frame, unit: string): string {
  const sums = Array.from({ length: frame.to }, (_, second) =>
    series.reduce((sum, { values }) => sum + (values[second] ?? 0), 0),
  );
  const top = niceMaximum(Math.max(1, ...sums));
  const yOf = (value: number) => round(frame.top + frame.height * (1 - value / top));
  const base = sums.map(() => 0);
  const bands = series.map(({ values, look, label }) => {
    const lower = base.map((value, second) => [second, value] as const);
    values.forEach((value, second) => {
      base[second] = (base[second] ?? 0) + value;
    });
    const upper = base.map((value, second) => [second, value] as const);
    const shown = ([second]: readonly [number, number]) => second >= frame.from;
    const forth = upper.filter(shown).map(([second, value]) => steps(second, yOf(value)));
    const back = lower
      .filter(shown)
      .toReversed()
      .map(([second, value]) => `H${xOf(frame, second + 1)}V${yOf(value)}H${xOf(frame, second)}`);
    const path = `M${xOf(frame, frame.from)} ${yOf(0)}${forth.join('')}${back.join('')}Z`;
    return `<path class="band ${look}" d="${path}"/><path class="texture ${look}" d="${path}"/>${word(label, lower, upper)}`;
  });
  return `${scale()}${bands.join('')}`;

  function steps(second: number, y: number): string {
    return `V${y}H${xOf(frame, second + 1)}`;
  }

  /** Writes the word where the band is thickest for long enough. */
  function word(label: string, lower: Point[], upper: Point[]): string {
    const half = Math.ceil((label.length * 9 * (frame.to - frame.from)) / frame.width / 2);
    const thickness = upper.map(([, value], second) => value - (lower[second]?.[1] ?? 0));
    const room = thickness.map((_, second) =>
      Math.min(...thickness.slice(Math.max(0, second - half), second + half + 1)),
    );
    const best = room.reduce((found, value, second) => (value > (room[found] ?? 0) ? second : found), half);
    const middle = ((lower[best]?.[1] ?? 0) + (upper[best]?.[1] ?? 0)) / 2;
    const isTight = ((room[best] ?? 0) * frame.height) / top < 16;
    return label === '' || isTight
      ? ''
      : `<text class="word" x="${xOf(frame, best + 0.5)}" y="${yOf(middle)}">${escape(label)}</text>`;
  }

  function scale(): string {
    return [0, top / 2, top]
      .map(
        (value) =>
          `<line class="grid" x1="${frame.left}" x2="${frame.left + frame.width}" y1="${yOf(value)}" y2="${yOf(value)}"/>` +
          `<text class="tick" x="${frame.left - 8}" y="${yOf(value)}">${value}${value === top ? ` ${unit}` : ''}</text>`,
      )
      .join('');
  }
}

type Point = readonly [second: number, value: number];

/** The axis of time, a mark a minute or so. */
export function timeAxis(frame: Frame): string {
  const every = [15, 30, 60, 120, 300].find((step) => (frame.to - frame.from) / step <= 14) ?? 600;
  const marks = [];
  for (let second = Math.ceil(frame.from / every) * every; second <= frame.to; second += every) {
    const x = xOf(frame, second);
    marks.push(
      `<line class="grid" x1="${x}" x2="${x}" y1="${frame.top}" y2="${frame.top + frame.height}"/>` +
        `<text class="time" x="${x}" y="${frame.top + frame.height + 18}">${clock(second)}</text>`,
    );
  }
  return marks.join('');
}

/** Numbered moments, over the whole height. */
export function moments(seconds: number[], frame: Frame): string {
  let previous = -Infinity;
  let row = 0;
  return seconds
    .map((second, index) => {
      const x = xOf(frame, second);
      // Numbers that would touch go one above the other.
      row = x - previous < 20 ? (row + 1) % 3 : 0;
      previous = x;
      const y = frame.top - 12 - row * 20;
      return (
        `<line class="moment" x1="${x}" x2="${x}" y1="${y + 9}" y2="${frame.top + frame.height}"/>` +
        `<a href="#moment-${index + 1}" aria-label="moment ${index + 1}"><circle class="number" cx="${x}" cy="${y}" r="9"/>` +
        `<text class="number-text" x="${x}" y="${y}">${index + 1}</text></a>`
      );
    })
    .join('');
}

/** Seconds as minutes and seconds. */
export function clock(second: number): string {
  const whole = Math.floor(second);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function niceMaximum(value: number): number {
  return (
    [2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80, 100].find((nice) => nice >= value) ??
    Math.ceil(value / 100) * 100
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
