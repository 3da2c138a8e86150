import { clock, moments, stacked, timeAxis, type Frame } from './chart.ts';
import type { Cost } from '../stage/stage.ts';
import { escape } from './escape.ts';
import { hasFailed, type Result } from './result.ts';
import { SCRIPT } from './script.ts';
import { answersBySecond, tasksBySecond, type Series } from './series.ts';
import { STYLE } from './style.ts';

const WIDTH = 1120;
const MARGIN = 76;
const HEIGHT = 470;

/** The report: one HTML file that needs nothing else, neither network nor colour nor a mouse. */
export function page(result: Result): string {
  const answers = answersBySecond(result);
  const tasks = tasksBySecond(result);
  const steps = result.timeline.events.filter(({ kind }) => kind === 'step');
  const to = Math.max(1, ...[...answers, ...tasks].map(({ values }) => values.length));
  // The infrastructure takes minutes before there is anything to see.
  const from = Math.max(
    0,
    [...answers, ...tasks].reduce((first, { values }) => Math.min(first, firstOf(values)), to) - 5,
  );
  const shown = steps.filter(({ at }) => at >= from && at <= to);
  const frame = { left: MARGIN, width: WIDTH - MARGIN - 16, from, to };
  const chart = picture(
    answers,
    tasks,
    shown.map(({ at }) => at),
    frame,
  );
  const data = { answers, tasks, width: WIDTH, frame };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>Rehearsal of ${escape(result.environment)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Rehearsal of the environment ${escape(result.environment)}</h1>
<p class="quiet">${escape(result.startedAt.slice(0, 16).replace('T', ' '))} UTC, ${clock(result.seconds)} minutes in all</p>
<p id="verdict" class="verdict ${hasFailed(result) ? 'bad' : 'good'}">${hasFailed(result) ? '✕ Something did not hold.' : '✓ Everything held.'}</p>
</header>
<main>
${figures(result)}
<h2 id="timeline-title">What happened under load</h2>
<div class="scroll">${chart}</div>
${legend('Answers a second', answers)}${legend('Tasks', tasks)}
<div class="reader"><label for="moment">A moment</label>
<input id="moment" type="range" min="${Math.floor(from)}" max="${to - 1}" value="${Math.floor(from)}" step="1"><output id="at" for="moment"></output></div>
<table><caption>The numbers in the picture</caption>
<thead><tr><th class="number-cell">No.</th><th class="number-cell">Time</th><th>What</th></tr></thead>
<tbody>${shown
    .map(
      ({ at, text }, index) =>
        `<tr id="moment-${index + 1}"><td class="number-cell">${index + 1}</td><td class="number-cell">${clock(at)}</td><td>${escape(text)}</td></tr>`,
    )
    .join('\n')}</tbody></table>
<h2>Steps</h2>
${stepTable(result)}
<h2>The figures of the picture</h2>
<details><summary>By ten seconds</summary>${figureTable([...answers, ...tasks.map((one) => ({ ...one, name: `tasks ${one.name}` }))], from, to)}</details>
<details><summary>Every event</summary>${eventTable(result)}</details>
</main>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function figure(id: string, name: string, value: string, note = ''): string {
  return `<div><dt>${name}</dt><dd><span id="${id}">${escape(value)}</span>${note && `<small>${escape(note)}</small>`}</dd></div>`;
}

function figures({ requests, killed, erring, secondsFromPushToRollout }: Result): string {
  return `<dl>${figure('sent', 'Requests sent', String(requests.sent))}
${figure('failed', 'Requests failed', String(requests.failed))}
${requests.lookedUpAgain > 0 ? figure('again', 'Addresses looked up again', String(requests.lookedUpAgain), 'after a task had gone') : ''}
${figure('rollout', 'From push to rollout', `${secondsFromPushToRollout ?? '–'} s`)}
${cost('killed', 'Cost of one SIGKILL', killed)}
${cost('erring', 'Cost of a bad release', erring)}</dl>`;
}

function cost(id: string, name: string, of: Cost | undefined): string {
  return figure(
    id,
    name,
    of === undefined ? '–' : `${of.failed} failed`,
    of && `of ${of.sent} requests, in ${of.seconds} s`,
  );
}

function picture(
  answers: Series[],
  tasks: Series[],
  marks: number[],
  across: Omit<Frame, 'top' | 'height'>,
): string {
  const whole = { ...across, top: 64, height: HEIGHT - 64 - 30 };
  const upper = { ...across, top: 84, height: 190 };
  const lower = { ...across, top: 312, height: 124 };
  return `<svg id="timeline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-labelledby="timeline-title">
<defs>
<pattern id="rising" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 8L8 0M-2 2L2 -2M6 10L10 6"/></pattern>
<pattern id="falling" width="8" height="8" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 0L8 8M-2 6L2 10M6 -2L10 2"/></pattern>
<pattern id="level" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 3H6"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="dot" cx="3" cy="3" r="1"/></pattern>
<pattern id="crossed" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="M0 0L6 6M0 6L6 0"/></pattern>
</defs>
${timeAxis(whole)}
<text class="title" x="${across.left}" y="${upper.top - 6}">Answers a second, by commit</text>
${stacked(answers, upper, '/s')}
<text class="title" x="${across.left}" y="${lower.top - 8}">Tasks, by state</text>
${stacked(tasks, lower, '')}
<line id="cursor" class="cursor" y1="${whole.top}" y2="${whole.top + whole.height}"/>
${moments(marks, whole)}
</svg>`;
}

function legend(title: string, series: Series[]): string {
  const items = series.map(
    ({ name, look }) =>
      `<li><svg viewBox="0 0 26 14" aria-hidden="true"><rect class="band ${look}" width="26" height="14"/><rect class="texture ${look}" width="26" height="14"/></svg>${escape(name)}</li>`,
  );
  return `<ul class="legend" aria-label="${title}">${items.join('')}</ul>`;
}

function stepTable({ steps }: Result): string {
  const rows = steps.map(
    ({ title, seconds, status, detail }) =>
      `<tr><td>${status === 'done' ? '✓ done' : status === 'failed' ? '✕ failed' : '– not reached'}</td><td class="number-cell">${status === 'not reached' ? '–' : `${seconds.toFixed(1)} s`}</td><td>${escape(title)}${detail && `<div class="quiet">${escape(detail)}</div>`}</td></tr>`,
  );
  return `<table id="steps"><thead><tr><th>Result</th><th class="number-cell">Time</th><th>Step</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function figureTable(series: Series[], from: number, to: number): string {
  const rows = [];
  for (let start = Math.floor(from / 10) * 10; start < to; start += 10) {
    const cells = series.map(({ values }) => {
      const part = values.slice(start, start + 10);
      return `<td class="number-cell">${(part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length)).toFixed(1)}</td>`;
    });
    rows.push(`<tr><td class="number-cell">${clock(start)}</td>${cells.join('')}</tr>`);
  }
  const heads = series.map(({ name }) => `<th class="number-cell">${escape(name)}</th>`);
  return `<div class="scroll"><table id="figures"><caption>Averages a second</caption><thead><tr><th class="number-cell">From</th>${heads.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function eventTable({ timeline }: Result): string {
  const rows = timeline.events.map(
    ({ at, kind, text }) =>
      `<tr><td class="number-cell">${clock(at)}</td><td>${kind}</td><td>${escape(text)}</td></tr>`,
  );
  return `<table id="events"><thead><tr><th class="number-cell">Time</th><th>Kind</th><th>What</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function firstOf(values: number[]): number {
  const first = values.findIndex((value) => value > 0);
  return first === -1 ? values.length : first;
}
