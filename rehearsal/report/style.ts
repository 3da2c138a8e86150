/** The report's style sheet: light or dark as the reader's system is; every colour has a texture of its own beside it. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f4f6f8; --ink: #17202a; --quiet: #55616d; --line: #d5dbe1; --accent: #0b5cad;
  --good: #11693c; --bad: #b3261e;
  --commit-a: #9cc9ee; --commit-b: #f5cf7d; --commit-c: #f0a58c; --commit-d: #9bd8bd; --database: #cfd6dd; --failed: #b3261e;
  --healthy: #9bd8bd; --starting: #f5e6b8; --draining: #b9cdf0; --stopping: #cfd6dd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161c; --raised: #1a2129; --ink: #e8edf2; --quiet: #a5b1bd; --line: #35404b; --accent: #7cb8f5;
    --good: #6fcf97; --bad: #ff8a80;
    --commit-a: #1f5f94; --commit-b: #8a6512; --commit-c: #94432a; --commit-d: #1d6f4f; --database: #434f5b; --failed: #ff8a80;
    --healthy: #1d6f4f; --starting: #6b5a1c; --draining: #3a5488; --stopping: #434f5b;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; }
.quiet { color: var(--quiet); }
.verdict { font-weight: 600; }
.verdict.good { color: var(--good); } .verdict.bad { color: var(--bad); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.4rem 0; }
dl div { background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; }
dt { color: var(--quiet); font-size: .85rem; }
dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { font-size: .85rem; font-weight: 400; color: var(--quiet); display: block; }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 46rem; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .title { font-weight: 600; }
svg .tick { text-anchor: end; dominant-baseline: middle; fill: var(--quiet); }
svg .time { text-anchor: middle; fill: var(--quiet); }
svg .word { text-anchor: middle; dominant-baseline: central; font-weight: 600; }
.grid { stroke: var(--line); } .moment { stroke: var(--quiet); stroke-dasharray: 2 3; }
.number { fill: var(--ground); stroke: var(--ink); } .number-text { text-anchor: middle; dominant-baseline: central; }
svg .number-text { font-size: 11px; }
svg a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.cursor { stroke: var(--accent); stroke-width: 2; }
.band { stroke: var(--ground); stroke-width: .5; }
.texture { pointer-events: none; }
.texture.commit-a, .texture.healthy { fill: none; }
.texture.commit-b, .texture.draining { fill: url(#rising); }
.texture.commit-c, .texture.stopping { fill: url(#level); }
.texture.commit-d { fill: url(#falling); }
.texture.database, .texture.starting { fill: url(#dots); }
.texture.failed { fill: url(#crossed); }
${[
  'commit-a',
  'commit-b',
  'commit-c',
  'commit-d',
  'database',
  'failed',
  'healthy',
  'starting',
  'draining',
  'stopping',
]
  .map((look) => `.band.${look} { fill: var(--${look}); }`)
  .join('\n')}
.hatch { stroke: var(--ink); stroke-opacity: .35; fill: none; } .dot { fill: var(--ink); fill-opacity: .35; }
ul.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; margin: .4rem 0; padding: 0; font-size: .9rem; }
ul.legend svg { display: inline-block; width: 26px; min-width: 0; height: 14px; vertical-align: -2px; margin-right: .4rem; }
.reader { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; margin: .6rem 0; }
.reader input { flex: 1 1 20rem; accent-color: var(--accent); }
output { flex: 1 1 100%; font-variant-numeric: tabular-nums; min-height: 1.5em; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number-cell, th.number-cell { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr:target { outline: 2px solid var(--accent); }
caption { text-align: left; color: var(--quiet); padding-bottom: .3rem; }
summary { cursor: pointer; padding: .3rem 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
