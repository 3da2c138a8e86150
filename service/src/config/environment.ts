import { registerAs } from '@nestjs/config';
import { parseEnvironment } from './parse-environment.ts';

export type { Environment } from './parse-environment.ts';

/** The process's own configuration: inject it as `@Inject(environment.KEY) environment: Environment`. */
export const environment = registerAs('environment', () => parseEnvironment(process.env));
