import { describe, expect, it } from '@jest/globals';
import { CredentialsError } from './credentials.error.ts';
import type { Credentials } from './fetch-credentials.ts';
import { TaskCredentials } from './task-credentials.ts';

const MINUTE_MS = 60_000;
const lasting = (minutes: number): Credentials => ({
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'session',
  expiration: new Date(Date.now() + minutes * MINUTE_MS),
});

/** Answers what a test gives it, one after the other; then it fails. */
function endpoint(...answers: Credentials[]) {
  const asked = { times: 0 };
  const credentials = new TaskCredentials(async () => {
    const answer = answers[asked.times++];
    if (answer === undefined) throw new CredentialsError('a test');
    return answer;
  });
  return { asked, credentials };
}

describe('TaskCredentials', () => {
  it('are fetched once, however many need them at a time', async () => {
    const hours = lasting(360);
    const { asked, credentials } = endpoint(hours);
    expect(await Promise.all([credentials.get(), credentials.get()])).toEqual([hours, hours]);
    expect(await credentials.get()).toBe(hours);
    expect(asked.times).toBe(1);
  });

  it('are renewed before they end, and nobody waits for it', async () => {
    const [ending, newer] = [lasting(10), lasting(360)];
    const { credentials } = endpoint(ending, newer);
    expect(await credentials.get()).toBe(ending);
    expect(await credentials.get()).toBe(ending);
    expect(await credentials.get()).toBe(newer);
  });

  it('serve on to their end while none can be fetched', async () => {
    const ending = lasting(10);
    const { asked, credentials } = endpoint(ending);
    for (let tries = 1; tries <= 4; tries += 1) {
      expect(await credentials.get()).toBe(ending);
    }
    expect(asked.times).toBeGreaterThan(2);
  });

  it('are not used in their last moments', async () => {
    const newer = lasting(360);
    const { credentials } = endpoint(lasting(0.5), newer);
    await credentials.get();
    expect(await credentials.get()).toBe(newer);
  });

  it('fail where there are none, and are asked for again the next time', async () => {
    const { asked, credentials } = endpoint();
    await expect(credentials.get()).rejects.toThrow(CredentialsError);
    await expect(credentials.get()).rejects.toThrow(CredentialsError);
    expect(asked.times).toBe(2);
  });
});
