import { AwsError, call } from '@slipway/test-helpers/emulator/aws';

const API = 'Logs_20140328';

/** Delivers what containers write to CloudWatch, each to a stream of its own. */
export class LogDelivery {
  private readonly streams = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly region: string,
  ) {}

  async deliver(logGroupName: string, logStreamName: string, lines: string[]): Promise<void> {
    const into = { logGroupName, logStreamName };
    if (!this.streams.has(logStreamName)) {
      await this.call('CreateLogStream', into);
      this.streams.add(logStreamName);
    }
    const timestamp = Date.now();
    const logEvents = lines.map((message) => ({ timestamp, message }));
    await this.call('PutLogEvents', { ...into, logEvents });
  }

  private async call(action: string, body: Record<string, unknown>): Promise<void> {
    try {
      await call(this.url, 'logs', `${API}.${action}`, body, this.region);
    } catch (error) {
      // An operator who destroys the environment takes the log group away while the last tasks still write.
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) {
        throw error;
      }
    }
  }
}
