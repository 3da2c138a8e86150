import { CONNECTIONS } from '../lib/load.ts';
import { number } from '../lib/numbers.ts';
import { SLIPWAY } from '../programs.ts';
import { medianOf, type Results } from './results.ts';

const WIDTH = 760;
const LABEL = 170;
const FIGURE = 76;
const BAR = 22;
const GAP = 8;
const TITLE = 44;

/** Requests per second as bars, an SVG that is readable on light and on dark pages and says its figures as text. */
export function chart({ node, throughput }: Results): string {
  let top = 0;
  const panels = ['/', '/connect'].map((route) => {
    const bars = throughput
      .filter((one) => one.route === route)
      .map((one) => ({ program: one.program, value: medianOf(one, 'requestsPerSecond') }))
      .toSorted((one, other) => other.value - one.value);
    const longest = bars[0]?.value ?? 1;
    const lines = bars.map(({ program, value }, index) => {
      const y = top + TITLE + index * (BAR + GAP);
      const length = Math.max(1, (value / longest) * (WIDTH - LABEL - FIGURE));
      const middle = y + BAR / 2 + 5;
      return [
        `<text x="${LABEL - 8}" y="${middle}" text-anchor="end">${program}</text>`,
        `<rect class="${program === SLIPWAY.name ? 'own' : 'bar'}" x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3"/>`,
        `<text x="${(LABEL + length + 6).toFixed(1)}" y="${middle}">${number(Math.round(value))}</text>`,
      ].join('');
    });
    const title = `<text class="head" x="${LABEL}" y="${top + 30}">GET ${route}, requests per second</text>`;
    top += TITLE + bars.length * (BAR + GAP) + GAP;
    return [title, ...lines].join('\n');
  });
  const title = `Requests per second on Node ${node}, ${CONNECTIONS} connections`;
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
${panels.join('\n')}
</svg>
`;
}
