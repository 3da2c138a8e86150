import { number } from '../lib/markdown.ts';
import { PROGRAMS, SLIPWAY } from '../programs.ts';
import { CONNECTIONS } from '../settings.ts';
import { find, type Results } from './results.ts';

const WIDTH = 760;
const LABEL = 170;
const FIGURE = 76;
const BAR = 22;
const GAP = 8;
const TITLE = 44;

/** Requests per second as bars, an SVG that is readable on light and on dark pages and says its figures as text. */
export function chart(results: Results): string {
  let top = 0;
  const parts = ['/', '/connect'].map((route) => {
    const bars = PROGRAMS.flatMap(({ name }) => {
      const one = find(results, name, route);
      return one === undefined ? [] : [{ name, value: one.requestsPerSecond }];
    }).toSorted((one, other) => other.value - one.value);
    const part = panel(`GET ${route}`, bars, top);
    top += TITLE + bars.length * (BAR + GAP) + GAP;
    return part;
  });
  const title = `Requests per second on Node ${results.node}, ${CONNECTIONS} connections`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>
  text { font: 14px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600 }
  .bar { fill: #8c959f }
  .own { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .bar { fill: #6e7681 }
    .own { fill: #4493f8 }
  }
</style>
${parts.join('\n')}
</svg>
`;
}

function panel(title: string, bars: { name: string; value: number }[], top: number): string {
  const longest = Math.max(...bars.map(({ value }) => value));
  const lines = bars.map(({ name, value }, index) => {
    const y = top + TITLE + index * (BAR + GAP);
    const length = Math.max(1, (value / longest) * (WIDTH - LABEL - FIGURE));
    const middle = y + BAR / 2 + 5;
    return [
      `<text x="${LABEL - 8}" y="${middle}" text-anchor="end">${name}</text>`,
      `<rect class="${name === SLIPWAY.name ? 'own' : 'bar'}" x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3"/>`,
      `<text x="${(LABEL + length + 6).toFixed(1)}" y="${middle}">${number(Math.round(value))}</text>`,
    ].join('');
  });
  return [
    `<text class="head" x="${LABEL}" y="${top + 30}">${title}, requests per second</text>`,
    ...lines,
  ].join('\n');
}
