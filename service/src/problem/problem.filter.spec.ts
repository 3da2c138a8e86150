import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Controller,
  Get,
  HttpException,
  Module,
  NotFoundException,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { DatabaseError } from '../database/database.error.ts';
import { HttpAdapter } from '../http/adapter.ts';
import { ProblemException } from './problem.exception.ts';
import { ProblemFilter } from './problem.filter.ts';

const SECRET = 'postgres://user:hunter2@10.0.0.1';

async function answerTo(thrown: unknown) {
  @Controller()
  class Thrower {
    @Get()
    throw() {
      throw thrown;
    }
  }
  @Module({ controllers: [Thrower], providers: [{ provide: APP_FILTER, useClass: ProblemFilter }] })
  class ThrowerModule {}

  const module = await Test.createTestingModule({ imports: [ThrowerModule] }).compile();
  const app = module.createNestApplication(new HttpAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  try {
    const answer = await fetch(await app.getUrl());
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ type: 'about:blank', status: answer.status });
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text };
  } finally {
    await app.close();
  }
}

describe('ProblemFilter', () => {
  it.each([
    [new Error(SECRET), 500, 'INTERNAL_ERROR'],
    [SECRET, 500, 'INTERNAL_ERROR'],
    [undefined, 500, 'INTERNAL_ERROR'],
    [new HttpException(SECRET, 500), 500, 'INTERNAL_ERROR'],
    [Object.assign(new URIError(SECRET), { status: 400 }), 400, 'BAD_REQUEST'],
    [new DatabaseError('DB_TIMEOUT', new Error(SECRET)), 503, 'DB_TIMEOUT'],
  ])('answers %p as %i %s, without its details', async (thrown, status, code) => {
    const answer = await answerTo(thrown);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ code });
    expect(answer.text).not.toContain('hunter2');
  });

  it.each([
    [new NotFoundException('There is no record 7.'), 404, 'NOT_FOUND', 'There is no record 7.'],
    [new HttpException('Sign in first.', 401), 401, 'UNAUTHORIZED', 'Sign in first.'],
    [new HttpException('Changed meanwhile.', 409), 409, 'CONFLICT', 'Changed meanwhile.'],
    [
      new BadRequestException(['a is missing', 'b is no number']),
      400,
      'BAD_REQUEST',
      'a is missing; b is no number',
    ],
    [new HttpException('Too fast.', 429), 429, 'TOO_MANY_REQUESTS', 'Too fast.'],
    [new HttpException('Not yet.', 501), 501, 'NOT_IMPLEMENTED', 'Not yet.'],
    [new HttpException({ message: 'No such date.' }, 422), 422, 'UNPROCESSABLE_ENTITY', 'No such date.'],
    [new ProblemException(405, 'METHOD_NOT_ALLOWED', 'No.'), 405, 'METHOD_NOT_ALLOWED', 'No.'],
  ])(
    'answers %p as %i %s with the detail that is meant for the client',
    async (thrown, status, code, detail) => {
      const answer = await answerTo(thrown);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toMatchObject({ code, detail });
    },
  );

  it('says when to come back, on a 503 only', async () => {
    const unavailable = await answerTo(new DatabaseError('DB_BUSY', new Error()));
    expect(Number(unavailable.retryAfter)).toBeGreaterThan(0);
    const broken = await answerTo(new Error());
    expect(broken.retryAfter).toBeNull();
  });
});
