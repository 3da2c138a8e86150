import path from 'node:path';
import { expect, test } from '@jest/globals';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { IAC, ROOTS } from '@slipway/test-helpers/terraform/layers';
import { run } from '@slipway/test-helpers/terraform/terraform';

const tflint = findTool('tflint');
const checkov = findTool('checkov');

describeNeeds(tflint)('tflint', () => {
  test.each(ROOTS)('has nothing to say about %s', async (root) => {
    const config = `--config=${path.join(IAC, '.tflint.hcl')}`;

    const { output } = await run(tflint ?? 'tflint', [config, '--format=compact'], path.join(IAC, root));

    expect(output).toBe('');
  });
});

describeNeeds(checkov)('checkov', () => {
  test('finds every check passed, or skipped beside the resource', async () => {
    const options = [
      '--framework',
      'terraform',
      '--output',
      'json',
      '--quiet',
      '--compact',
      '--skip-download',
    ];

    const { output } = await run(checkov ?? 'checkov', ['--directory', IAC, ...options], IAC);

    const report: Report = JSON.parse(output.slice(output.indexOf('{')));
    expect(
      report.results.failed_checks.map(({ check_id: id, file_path: file, resource }) => ({
        id,
        file,
        resource,
      })),
    ).toEqual([]);
    expect(report.summary.parsing_errors).toBe(0);
    expect(report.summary.passed).toBeGreaterThan(500);
  }, 600_000);
});

interface Report {
  results: {
    failed_checks: { check_id: string; file_path: string; resource: string }[];
  };
  summary: { passed: number; parsing_errors: number };
}
