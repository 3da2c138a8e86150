import { afterAll, describe, expect, it } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TREES, Workflows } from './support/callers.ts';
import { explore } from './support/explore.ts';
import { conclusionOf, leftOut, playRun, ranAnyway } from './support/job-graph.ts';
import { copyDefinitions } from './support/tree.ts';
import { troubles } from './support/queues.ts';

/** What runs on purpose after something failed: it says so, and changes nothing in AWS. */
const REPORTS = /(^|\/)(required|report)$/;

const table: string[] = [];
afterAll(() => {
  process.stdout.write(`${['The job graph, every combination of outcomes:', ...table].join('\n  ')}\n`);
});

const callers = Object.entries(TREES).flatMap(([tree, workflows]) =>
  workflows.callers.map((workflow) => ({ tree, workflows, workflow, name: path.basename(workflow.name) })),
);

function histories(workflows: Workflows, workflow: Workflows['callers'][number], started = {}) {
  return [true, false].flatMap((seesOutside) =>
    explore((choose) => playRun(workflows, workflow, choose, seesOutside, started)),
  );
}

describe.each(callers)('$tree: $name', ({ tree, name, workflows, workflow }) => {
  const explored = histories(workflows, workflow);

  it('leaves out no job that is wanted, as long as nothing failed', () => {
    const green = explored.filter((jobs) => conclusionOf(jobs) === 'success').length;
    const jobs = new Set(explored.flatMap((ended) => ended.map((job) => job.path)));
    table.push(`${tree} ${name}: ${jobs.size} jobs, ${explored.length} histories, ${green} of them green`);
    expect([...new Set(explored.flatMap(leftOut))]).toEqual([]);
    expect(green).toBeGreaterThan(0);
  });

  it('goes on after a failure with reports only', () => {
    expect([...new Set(explored.flatMap(ranAnyway))].filter((job) => !REPORTS.test(job))).toEqual([]);
  });
});

describe.each(callers.filter(({ workflow }) => workflow.events.includes('pull_request')))(
  'a pull request, $tree: $name',
  ({ workflows, workflow }) => {
    const roles = (head: string | null) => {
      const event = { pull_request: { head: { repo: head && { full_name: head } } } };
      const started = { event_name: 'pull_request', repository: 'acme-example/ledger', event };
      const ended = histories(workflows, workflow, started).flat();
      return [...new Set(ended.map(({ role }) => role).filter((role) => role !== undefined))];
    };

    it('takes no role but plan', () => {
      expect(roles('acme-example/ledger').filter((role) => !role.endsWith('-plan'))).toEqual([]);
    });

    it.each(['somebody/ledger', null])('takes none from a fork, which may be gone: %s', (head) => {
      expect(roles(head)).toEqual([]);
    });
  },
);

describe.each(Object.entries(TREES))('the concurrency groups of %s', (_, workflows) => {
  it('lose nothing to an approval, let no plan wait for one, and cancel nothing that applies', () => {
    expect(troubles(workflows)).toEqual([]);
  });
});

/** The workflows with one of them changed. */
async function change(file: string, from: RegExp, to: string): Promise<Workflows> {
  const folder = await copyDefinitions();
  const name = path.join(folder, '.github/workflows', file);
  const text = await readFile(name, 'utf8');
  expect(text).toMatch(from);
  await writeFile(name, text.replace(from, to));
  const workflows = await Workflows.read(folder);
  await rm(folder, { recursive: true });
  return workflows;
}

describe('a seeded mistake', () => {
  it.each([
    [
      'a chain without a status function',
      'infrastructure.yml',
      /!cancelled\(\) && !failure\(\) && !contains.*'cancelled'\) && /g,
      'second',
    ],
    ['a comparison without a status function', 'test-workflows.yml', /\n +if: "!cancelled.*/, 'expect'],
  ])('%s leaves a job out', async (_, file, from, job) => {
    const workflows = await change(file, from, '');
    const workflow = workflows.callers.find(({ name }) => name.endsWith(`/${file}`))!;
    expect(histories(workflows, workflow).flatMap(leftOut)).toContain(job);
  });

  it.each([
    ['of a fork', / && github.event.pull_request.head.repo[^']*/, '', '-plan'],
    ['with a role that changes something', /\$\{\{ matrix.environment \}\}-plan/, 'live', 'live'],
  ])('a pull request %s takes a role', async (_, from, to, taken) => {
    const workflows = await change('plan-changes.yml', from, to);
    const workflow = workflows.callers.find(({ name }) => name.endsWith('/plan-changes.yml'))!;
    const head = to === '' ? 'somebody/b' : 'a/b';
    const event = { pull_request: { head: { repo: { full_name: head } } } };
    const started = { event_name: 'pull_request', repository: 'a/b', event };
    const roles = histories(workflows, workflow, started).flatMap((jobs) => jobs.map(({ role }) => role));
    expect(roles).toContain(taken);
  });

  it('a chain that looks at the link before only goes on after a layer was cancelled', async () => {
    const workflows = await change(
      'infrastructure.yml',
      /needs: \[order, first, second\]/,
      'needs: [order, second]',
    );
    const workflow = workflows.callers.find(({ name }) => name.endsWith('/infrastructure.yml'))!;
    expect(histories(workflows, workflow).flatMap(ranAnyway)).toContain('third/plan');
  });

  it.each([
    [
      'a group of a whole run',
      'infrastructure.yml',
      /group: infrastructure-.*/,
      'group: infrastructure',
      'infrastructure.yml is lost while',
    ],
    [
      'a rollback that waits',
      'release-image.yml',
      /cancel-in-progress: true/,
      'cancel-in-progress: false',
      'roll-back.yml release/release is lost while',
    ],
    [
      'plans in the group of what is applied',
      'terraform.yml',
      / {4}name: (Plan|\$\{\{ inputs.command.*)\n/g,
      '    name: $1\n    concurrency: { group: terraform, queue: max }\n',
      'infrastructure.yml first/plan, which needs no approval, waits for that of infrastructure.yml first/apply',
    ],
  ])('%s is in trouble', async (_, file, from, to, trouble) => {
    expect(troubles(await change(file, from, to)).join('\n')).toContain(trouble);
  });
});
