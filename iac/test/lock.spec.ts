import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { IAC } from '@slipway/test-helpers/terraform/layers';
import { run } from '@slipway/test-helpers/terraform/terraform';

/** What Terraform 1.11 says on an S3 backend whose lock another holds. */
const LOCKED = `
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error
StatusCode: 412, RequestID: one, api error PreconditionFailed: At least one of
the pre-conditions you specified did not hold
Lock Info:
  ID:        6f1c9b1e-0000-4000-8000-000000000001
  Path:      state/development/databases.tfstate
  Operation: OperationTypeApply
  Who:       runner@fv-az1
  Version:   1.11.4
  Created:   2026-11-27 10:00:00.123456789 +0000 UTC
  Info:
`;
const KEY = 'plans/development/databases/one.tfplan';

const terraform = findTool('terraform');

describeNeeds(terraform)('a lock that was left behind', () => {
  let folder: string;

  // Terraform would wait five minutes for it: stubs answer as it and the AWS CLI do. The settings it reads itself.
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
    mkdirSync(path.join(folder, 'bin'));
    stub('aws', 'for last; do :; done; printf plan > "$last"');
    const cases = `*" console "*) exec ${terraform} "$@" ;;\n*" apply "*) cat >&2 <<'SAID'\n${LOCKED}\nSAID\nexit 1 ;;`;
    stub('terraform', `case " $* " in\n${cases}\nesac`);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('explains itself: nothing changed, whose it is, since when, and what frees it', async () => {
    const { code, output } = await run(
      path.join(IAC, '../.github/actions/terraform/terraform.sh'),
      [],
      path.join(IAC, '..'),
      {
        PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`,
        GITHUB_ACTIONS: '',
        COMMAND: 'apply',
        ENVIRONMENT: 'development',
        LAYER: 'databases',
        PLAN_KEY: KEY,
        PLAN_SHA256: createHash('sha256').update('plan').digest('hex'),
      },
    );

    expect(code).toBe(1);
    const [said = ''] = output.split('\n').filter((line) => line.startsWith('error: '));
    expect(said).toContain('the state of development/databases is locked by runner@fv-az1 since 2026-11-27');
    expect(said).toContain('Nothing was changed.');
    expect(said).toMatch(/aws s3 rm --region us-east-1 s3:\/\/\S+\/development\/databases\.tfstate\.tflock$/);
  });

  function stub(name: string, script: string): void {
    const file = path.join(folder, 'bin', name);
    writeFileSync(file, `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(file, 0o755);
  }
});
