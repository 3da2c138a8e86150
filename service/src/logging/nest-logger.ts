import type { LoggerService } from '@nestjs/common';
import type { Level, Logger } from 'pino';
import { serializeError } from './serialize-error.ts';

const STACK = /\n\s+at /;

/**
 * What Nest and the application log, as lines of pino's. `Logger` of @nestjs/common calls it with a message or an object
 * of fields, then perhaps a message or a stack, then the context.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(first: unknown, ...rest: unknown[]): void {
    this.write('info', first, rest);
  }

  error(first: unknown, ...rest: unknown[]): void {
    this.write('error', first, rest);
  }

  warn(first: unknown, ...rest: unknown[]): void {
    this.write('warn', first, rest);
  }

  debug(first: unknown, ...rest: unknown[]): void {
    this.write('debug', first, rest);
  }

  verbose(first: unknown, ...rest: unknown[]): void {
    this.write('trace', first, rest);
  }

  fatal(first: unknown, ...rest: unknown[]): void {
    this.write('fatal', first, rest);
  }

  private write(level: Level, first: unknown, rest: unknown[]): void {
    const texts = rest.filter((value) => typeof value === 'string');
    const context = texts.pop();
    const stack = texts.find((text) => STACK.test(text));
    const message = texts.find((text) => text !== stack);
    const fields = typeof first === 'object' && first !== null ? fieldsOf(first) : {};
    this.logger[level](
      { ...(context !== undefined && { context }), ...fields, ...(stack !== undefined && { stack }) },
      typeof first === 'string' ? first : message,
    );
  }
}

/** No error goes to the log as it stands, under whatever name; that of `err` is pino's to serialise. */
function fieldsOf(value: object): object {
  if (value instanceof Error) {
    return { err: value };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      field instanceof Error && name !== 'err' ? serializeError(field) : (field as unknown),
    ]),
  );
}
