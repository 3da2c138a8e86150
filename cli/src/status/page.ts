import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { moment, note } from '../print.ts';
import { figuresOf } from './figures.ts';
import type { Outcome, Rollout, Status } from './model.ts';
import { STYLE } from './style.ts';
import { short } from './text.ts';

/** Each outcome has a sign of its own, so that the page is read without colours too. */
const SIGNS: Record<Outcome, string> = {
  completed: '●',
  'rolled-back': '✕',
  'release-command-failed': '✕',
  superseded: '○',
  'in-flight': '…',
};

/** What somebody asked for, a rollback among them, is told from what was pushed. */
function signOf({ outcome, why }: Rollout): string {
  return outcome === 'completed' && why === 'requested' ? '↩' : SIGNS[outcome];
}

/** Writes one page that stands alone: no script, nothing from elsewhere. */
export async function writePage(file: string, statuses: Status[]): Promise<void> {
  await writeFile(file, pageOf(statuses, commitTime, Date.now()));
  note(`Written: ${file}`);
}

export function pageOf(
  statuses: Status[],
  committedAt: (commit: string) => number | undefined,
  now: number,
): string {
  const at = moment(new Date(now).toISOString());
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What runs where</title>
<style>${STYLE}</style>
<main>
<h1>What runs where</h1>
<p class="quiet">${at}, from the releases' tags and ECS's history of about 90 days</p>
${statuses.map((status) => environmentPart(status, committedAt, now)).join('\n')}
</main>
</html>
`;
}

function environmentPart(
  status: Status,
  committedAt: (commit: string) => number | undefined,
  now: number,
): string {
  const { environment, running, tasks, rollouts } = status;
  const says = running
    ? `<strong>${short(running.commit)}</strong> since ${moment(running.since) || 'longer than ECS tells'}, ${running.why}, template ${escape(running.template)}, ${tasks.running} of ${tasks.desired} tasks${status.paused ? ', paused' : ''}`
    : 'nothing was released yet';
  const figures = figuresOf(rollouts, committedAt, now)
    .map(
      ({ name, value, counted }) => `<div><dt>${name}</dt><dd>${value}<small>${counted}</small></dd></div>`,
    )
    .join('\n');
  const id = escape(environment);
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${id}</h2>
<p>${says}</p>
<dl>${figures}</dl>
${timeline(id, rollouts, now)}
<div class="scroll"><table>
<thead><tr><th>release<th>began<th>ended<th>commit<th>why<th>outcome<th>reason</thead>
<tbody>
${rollouts.map((one) => row(id, one)).join('\n')}
</tbody>
</table></div>
</section>`;
}

function row(id: string, one: Rollout): string {
  const cells = [
    moment(one.beganAt),
    moment(one.endedAt),
    `<code>${short(one.commit)}</code>`,
    one.why,
    `<span class="${one.outcome}">${signOf(one)} ${one.outcome}</span>`,
    escape(one.reason),
  ];
  return `<tr id="${id}-${one.release}"><th scope="row">${one.release}${cells.map((cell) => `<td>${cell}`).join('')}</tr>`;
}

/** Each release at its moment, from left to right; a sign leads to its row, by mouse and by keyboard. */
function timeline(id: string, rollouts: Rollout[], now: number): string {
  const oldest = rollouts.at(-1);
  if (!oldest) return '';
  const start = Date.parse(oldest.beganAt);
  const place = (at: string) => (((Date.parse(at) - start) / Math.max(1, now - start)) * 96 + 2).toFixed(2);
  const signs = rollouts.toReversed().map((one) => {
    const label = `release ${one.release}, ${short(one.commit)}, ${one.why}, ${one.outcome}, ${moment(one.beganAt)}`;
    return `<li style="left: ${place(one.beganAt)}%"><a class="${one.outcome}" href="#${id}-${one.release}" aria-label="${label}" title="${label}">${signOf(one)}</a>`;
  });
  return `<ol class="timeline" aria-label="Timeline of ${id}">
${signs.join('\n')}
</ol>
<p class="ends quiet"><span>${moment(oldest.beganAt)}</span><span>● pushed · ↩ requested, such as a rollback · ✕ failed · ○ superseded · … in flight</span><span>now</span></p>`;
}

/** When a commit was made, where the repository at hand has it. */
function commitTime(commit: string): number | undefined {
  try {
    const args = ['show', '--no-patch', '--format=%ct', commit];
    return (
      Number(execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) * 1000
    );
  } catch {
    return undefined;
  }
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
