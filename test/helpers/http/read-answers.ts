import type { RawAnswer } from './raw-request.ts';

/**
 * Reads HTTP answers, one behind the other, as they stood on the wire in latin1.
 *
 * @throws where something is no answer, or its length is not what it says
 */
export function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = /^HTTP\/1\.1 (\d{3}) [ -~]+$/.exec(statusLine)?.[1];
    if (end === -1 || status === undefined) {
      throw new Error(`this is no answer: ${JSON.stringify(rest.slice(0, 200))}`);
    }
    const headers = Object.fromEntries(lines.map(readHeader));
    const bodyAt = end + 4;
    // A 304 has no body, and so no length.
    const length = status === '304' ? 0 : Number(headers['content-length']);
    if (!(bodyAt + length <= rest.length)) {
      throw new Error(`${length} bytes were announced and ${rest.length - bodyAt} came: ${statusLine}`);
    }
    answers.push({ status: Number(status), headers, body: rest.slice(bodyAt, bodyAt + length) });
    rest = rest.slice(bodyAt + length);
  }
  return answers;
}

function readHeader(line: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+): ([^\r\n]*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new Error(`this is no header: ${JSON.stringify(line)}`);
  }
  return [name.toLowerCase(), value];
}
