/** The page's style sheet: light or dark, as the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --raised: #f4f6f8; --ink: #17202a; --quiet: #55616d; --line: #d5dbe1;
  --accent: #0b5cad; --good: #11693c; --bad: #b3261e; --doubtful: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #11161c; --raised: #1a2129; --ink: #e8edf2; --quiet: #a5b1bd; --line: #35404b;
    --accent: #7cb8f5; --good: #6fcf97; --bad: #ff8a80; --doubtful: #f0c674; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .3rem; }
p { margin: .3rem 0; }
.quiet { color: var(--quiet); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; margin: 1.2rem 0; }
dl div { background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; }
dt { color: var(--quiet); font-size: .85rem; }
dd { margin: 0; font-size: 1.4rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; font-size: .8rem; font-weight: 400; color: var(--quiet); }
.timeline { position: relative; height: 2.4rem; margin: 1.2rem 0 0; padding: 0; list-style: none;
  border-bottom: 2px solid var(--line); }
.timeline li { position: absolute; bottom: 0; transform: translateX(-50%); }
.timeline a { display: block; min-width: 1.5rem; text-align: center; text-decoration: none; font-weight: 700; line-height: 2rem; }
.ends { display: flex; justify-content: space-between; font-size: .85rem; }
:focus-visible, tr:target { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; margin-top: 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--quiet); font-weight: 400; }
.completed { color: var(--good); } .rolled-back, .release-command-failed { color: var(--bad); }
.superseded { color: var(--quiet); } .in-flight { color: var(--doubtful); }
`;
