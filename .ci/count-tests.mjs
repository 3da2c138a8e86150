/** Prints how many tests of a jest report passed and how many did not, with the messages of those that did not. */
import { existsSync, readFileSync } from 'node:fs';

const [, , report = ''] = process.argv;
if (!existsSync(report)) {
  process.stdout.write('0 1\n');
  process.exit();
}
const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } =
  JSON.parse(readFileSync(report, 'utf8'));
for (const { name, message, assertionResults } of testResults) {
  const skipped = assertionResults.filter(
    (/** @type {{ status: string }} */ { status }) => status === 'pending',
  );
  for (const { fullName } of skipped) {
    process.stderr.write(`${name}: skipped: ${fullName}\n`);
  }
  process.stderr.write(message);
}
process.stdout.write(`${numPassedTests} ${numFailedTests + numPendingTests + numRuntimeErrorTestSuites}\n`);
