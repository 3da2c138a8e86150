/** A server's messages as PostgreSQL's frontend/backend protocol 3.0 spells them (its manual, chapter 54). */

export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** A whole message; its length is right unless the caller gives another one. */
export function message(
  code: string,
  body: Buffer = Buffer.alloc(0),
  length: number = body.length + 4,
): Buffer {
  const head = Buffer.alloc(5);
  head.write(code, 'latin1');
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
}

export const authentication = (type: number, data: Buffer = Buffer.alloc(0)): Buffer =>
  message('R', Buffer.concat([int32(type), data]));

export const parameterStatus = (name: string, value: string): Buffer =>
  message('S', Buffer.concat([text(name), text(value)]));

export const backendKeyData = (): Buffer => message('K', Buffer.concat([int32(4711), int32(1234)]));

export const readyForQuery = (): Buffer => message('Z', Buffer.from('I'));

export const commandComplete = (tag = 'SELECT 1'): Buffer => message('C', text(tag));

/** Columns of type text. */
export const rowDescription = (...names: string[]): Buffer =>
  message(
    'T',
    Buffer.concat([
      int16(names.length),
      ...names.flatMap((name) => [text(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
    ]),
  );

export const dataRow = (...values: string[]): Buffer =>
  message(
    'D',
    Buffer.concat([
      int16(values.length),
      ...values.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]),
    ]),
  );

/** ErrorResponse (`E`) or NoticeResponse (`N`). */
export const report = (code: 'E' | 'N', sqlState: string, words: string, severity = 'ERROR'): Buffer =>
  message(
    code,
    Buffer.concat([
      ...[`S${severity}`, `V${severity}`, `C${sqlState}`, `M${words}`].map(text),
      Buffer.from([0]),
    ]),
  );
