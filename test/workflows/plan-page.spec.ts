import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { ROOT } from '@slipway/test-helpers/root';

const FACTS = {
  environment: 'live',
  layer: 'databases',
  command: 'plan',
  destroyed: [],
  replaced: [],
  forgotten: [],
};
const PLAN = `Terraform will perform the following actions:

  # aws_iam_policy.this["*"] will be updated in-place
  ~ resource "aws_iam_policy" "this" {
      ~ policy = jsonencode(
          ~ {
              + Action    = "*"
              - Resource  = "*" -> null
              + Principal = "*" # <b>not</b> &amp; bold
            }
        )
    }

  # terraform_data.page must be replaced
-/+ resource "terraform_data" "page" {
      + input = <<-EOT
            # A heading
            - a list
            \`\`\`\`sh
            </details><script>alert(1)</script>
            ~~~

            1. ${'`'.repeat(7)} _under_ **bold** [link](https://example.com) :tada: @octocat
\t\ta tab
        EOT
    }

Plan: 0 to add, 1 to change, 1 to destroy.
`;

/** The page, rendered as GitHub renders it: its HTML, and the text of each of its code blocks. */
async function render(
  plan: string,
  facts = {},
  limit = 900_000,
): Promise<{ html: string; blocks: string[]; markdown: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plan-'));
  await writeFile(path.join(folder, 'live-databases.txt'), plan);
  await writeFile(path.join(folder, 'live-databases.json'), JSON.stringify({ ...FACTS, ...facts }));
  const script = `set -euo pipefail; . "${ROOT}/.github/actions/plan-page.sh"; plan_page "${folder}/live-databases" ${limit}`;
  const {
    stdout: markdown,
    stderr,
    status,
  } = spawnSync('bash', ['-c', script], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  await rm(folder, { recursive: true });
  expect([status, stderr]).toEqual([0, '']);
  const html = spawnSync('cmark-gfm', { input: markdown, encoding: 'utf8', maxBuffer: 2 ** 27 }).stdout;
  const blocks = [...html.matchAll(/<pre><code>([^]*?)<\/code><\/pre>/g)].map(([, text = '']) =>
    unescape(text),
  );
  return { html, blocks, markdown };
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

describeNeeds(findTool('cmark-gfm'), findTool('jq'))("a plan in GitHub's flavour of Markdown", () => {
  it('keeps every character, whatever the plan holds', async () => {
    const { html, blocks } = await render(PLAN);
    expect(blocks).toEqual([PLAN]);
    expect(html).toContain(
      '<h3>live / databases: plan</h3>\n<p><strong>Plan: 0 to add, 1 to change, 1 to destroy.</strong></p>',
    );
    expect(html.replaceAll(/<pre>[^]*<\/pre>/g, '')).not.toMatch(/script|tada|octocat/);
    expect(html.trimEnd()).toMatch(/<\/details>$/);
  });

  it('says on top, in words, what is destroyed, replaced or let go', async () => {
    const { blocks, html } = await render(PLAN, {
      replaced: ['terraform_data.page'],
      destroyed: ['aws_db_instance.this["`x`"]'],
      forgotten: ['aws_s3_bucket.old'],
    });
    expect(html.indexOf('This plan destroys or replaces something')).toBeLessThan(html.indexOf('<details>'));
    expect(blocks).toEqual([
      [
        'replaced: destroyed and made anew   terraform_data.page',
        'destroyed                          aws_db_instance.this["`x`"]',
        'left alone, managed no longer      aws_s3_bucket.old',
        '',
      ].join('\n'),
      PLAN,
    ]);
  });

  it('marks a cut, and cuts between lines', async () => {
    const long = PLAN + Array.from({ length: 40_000 }, (_, line) => `  + line ${line} äöü\n`).join('');
    const { blocks, html, markdown } = await render(
      long,
      { destroyed: Array.from({ length: 9_000 }, (_, one) => `a.b[${one}]`) },
      60_000,
    );
    const lines = long.split('\n');
    const shown = blocks[1]!.trimEnd().split('\n');
    expect(Buffer.byteLength(markdown)).toBeLessThan(60_000);
    expect(lines.slice(0, shown.length)).toEqual(shown);
    expect(html).toContain(`Cut here: ${shown.length} of ${lines.length - 1} lines are shown.`);
    expect(html.match(/Cut here/g)).toHaveLength(2);
  });
});

const pipe = (call: string, input: string) =>
  spawnSync('bash', ['-c', `set -euo pipefail; . "${ROOT}/.github/actions/plan-page.sh"; ${call}`], {
    input,
    encoding: 'utf8',
  }).stdout;

const change = (address: string, ...actions: string[]) => ({
  address,
  change: { actions, before: { password: 'secret' }, after: { password: 'secret' } },
});

describeNeeds(findTool('jq'))('what is taken from a plan', () => {
  it('is what Terraform prints, without the lines about reading', () => {
    const read = [
      'data.aws_caller_identity.this: Reading...',
      'data.aws_caller_identity.this: Read complete after 0s [id=1]',
      'aws_subnet.public["eu-west-1a"]: Refreshing state... [id=subnet-1]',
      'module.a["x y"].aws_vpc.this: Still reading... [10s elapsed]',
    ];
    const kept = [
      '',
      'Terraform used the selected providers',
      '  + note = "a: Reading..."',
      'Warning: Reading... is odd',
      '',
    ];
    expect(pipe('plan_text', [...read, ...kept].join('\n'))).toBe(kept.join('\n'));
  });

  it('is addresses only, never a value', () => {
    const plan = {
      resource_changes: [
        change('a.created', 'create'),
        change('a.gone', 'delete'),
        change('a.anew', 'delete', 'create'),
        change('a.other', 'create', 'delete'),
        change('a.free', 'forget'),
        { ...change('a.old', 'delete'), deposed: 'd1' },
      ],
    };
    const facts = pipe('plan_facts live databases plan-destroy', JSON.stringify(plan));
    expect(JSON.parse(facts)).toEqual({
      environment: 'live',
      layer: 'databases',
      command: 'plan-destroy',
      destroyed: ['a.gone', 'a.old (deposed d1)'],
      replaced: ['a.anew', 'a.other'],
      forgotten: ['a.free'],
    });
    expect(facts).not.toContain('secret');
  });
});
