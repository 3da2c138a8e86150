/**
 * The health check of the image: asks the service in the same container whether it is ready, and ends with exit code
 * 0 or 1. A program of its own, because the image holds no shell and no curl.
 */
import { get } from 'node:http';

/** Below the timeout that the container's health check is given, so that the failure has a reason. */
const TIMEOUT_MS = 3000;

const port = process.env['API_PORT'] || 3000;
const probe = get(
  { host: '127.0.0.1', port, path: '/health/ready', timeout: TIMEOUT_MS },
  ({ statusCode }) => {
    end(statusCode === 200, `answered ${statusCode}`);
  },
);
probe.on('timeout', () => end(false, 'did not answer in time'));
probe.on('error', ({ message }) => end(false, message));

function end(isReady: boolean, outcome: string): never {
  process.stdout.write(`/health/ready ${outcome}\n`);
  process.exit(isReady ? 0 : 1);
}
