import type { Commands } from './commands.ts';

/** The AWS CLI against the emulator. */
export class Aws {
  /** @param env what leads every client of AWS to the emulator, and to nothing else */
  constructor(
    private readonly commands: Commands,
    readonly env: Record<string, string>,
  ) {}

  /** Calls an API; returns its answer. */
  call<T>(service: string, action: string, ...args: string[]): Promise<T> {
    return this.run<T>(service, action, args, false);
  }

  /** As `call`, for an answer that holds a secret: it is kept in no log. */
  read<T>(service: string, action: string, ...args: string[]): Promise<T> {
    return this.run<T>(service, action, args, true);
  }

  private async run<T>(service: string, action: string, args: string[], isSecret: boolean): Promise<T> {
    // Version 1 of the CLI has addresses of its own for some services, which AWS_ENDPOINT_URL does not override.
    const endpoint = ['--endpoint-url', this.env['AWS_ENDPOINT_URL'] ?? ''];
    const output = await this.commands.run(
      `${service}-${action}`,
      'aws',
      [service, action, ...args, ...endpoint, '--output', 'json'],
      { env: this.env, isSecret },
    );
    return JSON.parse(output || 'null') as T;
  }
}

/**
 * The variables for every program that talks to AWS. Nothing of the caller's own account is in it, its configuration files
 * included.
 */
export function awsEnvironment(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // What the emulator lacks, it lacks the next time too.
    AWS_MAX_ATTEMPTS: '2',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
  };
}
