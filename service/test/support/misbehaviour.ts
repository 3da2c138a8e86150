import * as fc from 'fast-check';
import { AUTHENTICATIONS, type Behaviour, type Step } from './fake-postgres.ts';
import * as messages from './postgres-messages.ts';

/** Messages that a client of a real server never sees, or never sees there. */
export const FOREIGN: Record<string, Buffer> = {
  ...Object.fromEntries(
    [2, 6, 7, 8, 9, 99, -1].map((type) => [`authentication type ${type}`, messages.authentication(type)]),
  ),
  'an authentication without a type': messages.message('R'),
  'SASL mechanisms that nobody knows': messages.authentication(10, Buffer.from('ROT13\0\0')),
  'SASL going on': messages.authentication(11, Buffer.from('r=x,s=eA==,i=1')),
  'SASL at its end': messages.authentication(12, Buffer.from('v=eA==')),
  'a length of 0': messages.message('Z', Buffer.from('I'), 0),
  'a length of 3': messages.message('Z', Buffer.from('I'), 3),
  'a length of 2 GB': messages.message('D', Buffer.from('x'), 0x7fffffff),
  'a length of 4 GB': messages.message('D', Buffer.from('x'), 0xffffffff),
  'an empty error': messages.message('E'),
  'an error without an end': messages.message('E', Buffer.from('SERROR\0')),
  'an error that ends in the middle': messages.message('E', Buffer.from('SERROR\0C4')),
  'an error without a code': messages.message('E', Buffer.from('SERROR\0Mno\0\0')),
  'a notice without an end': messages.message('N', Buffer.from('SNOTICE\0')),
  'an error of protocol 2': Buffer.from('Ecould not fork new process\n\0'),
  'a row that nobody asked for': messages.dataRow('1', '2', '3'),
  'a row with a negative count': messages.message('D', messages.int16(-1)),
  'a row with a negative length': messages.message(
    'D',
    Buffer.concat([messages.int16(2), messages.int32(-7)]),
  ),
  'a row that is shorter than it says': messages.message(
    'D',
    Buffer.concat([messages.int16(2), messages.int32(9)]),
  ),
  'columns with a negative count': messages.message('T', messages.int16(-1)),
  'more columns than there are': messages.message('T', messages.int16(30_000)),
  'other columns': messages.rowDescription('one'),
  'columns of a prototype': messages.rowDescription('__proto__', 'constructor'),
  'parameters with a negative count': messages.message('t', messages.int16(-1)),
  'parameters that are not there': messages.message('t', messages.int16(9)),
  'a setting without a value': messages.message('S', Buffer.from('x')),
  'a key without a key': messages.message('K'),
  'ready for a query': messages.readyForQuery(),
  'ready without a state': messages.message('Z'),
  'the end of a command': messages.commandComplete(),
  'the end of a command without a tag': messages.message('C'),
  'copy in': messages.message('G', Buffer.from([0, 0, 0])),
  'copy in with a negative count': messages.message('G', Buffer.from([0, 0xff, 0xff])),
  'copy out': messages.message('H', Buffer.from([0, 0, 0])),
  'copied data': messages.message('d', Buffer.from('x')),
  'a suspended portal': messages.message('s'),
  'an empty query': messages.message('I'),
  'a parsed statement': messages.message('1'),
  'a notification': messages.message(
    'A',
    Buffer.concat([messages.int32(1), messages.text('a'), messages.text('b')]),
  ),
  'half a notification': messages.message('A', Buffer.from([0])),
  'a letter without a meaning': messages.message('?', Buffer.from('?')),
  'another version of the protocol': messages.message(
    'v',
    Buffer.concat([messages.int32(0), messages.int32(0)]),
  ),
  'an answer of HTTP': Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  'an error': messages.report('E', '42P01', 'relation "nowhere" does not exist'),
  'a fatal error': messages.report('E', '57P01', 'terminating connection', 'FATAL'),
  'a thousand notices': Buffer.concat(
    Array.from({ length: 1000 }, () => messages.report('N', '00000', 'be told', 'NOTICE')),
  ),
};

type Change = (message: Buffer) => Step[];

/** What a value of this kind makes of a message. */
const by = <Value>(values: fc.Arbitrary<Value>, apply: (message: Buffer, value: Value) => Step[]) =>
  values.map(
    (value): Change =>
      (message) =>
        apply(message, value),
  );

const place = fc.nat({ max: 40 });
const foreign = fc.constantFrom(...Object.values(FOREIGN));

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: by(fc.tuple(place, fc.nat({ max: 255 })), (message, [at, bits]) => [flip(message, at, bits)]),
  },
  { weight: 2, arbitrary: by(place, (message, end) => [message.subarray(0, end), 'close']) },
  { weight: 1, arbitrary: by(place, (message, end) => [message.subarray(0, end), 'silence']) },
  { weight: 1, arbitrary: by(place, (message, end) => [message.subarray(0, end)]) },
  { weight: 1, arbitrary: by(fc.nat({ max: 30 }), (message, waitMs) => [{ waitMs }, message]) },
  {
    weight: 1,
    arbitrary: by(place, (message, at) => [message.subarray(0, at), { waitMs: 1 }, message.subarray(at)]),
  },
  {
    weight: 2,
    arbitrary: by(fc.integer({ min: 2, max: 50 }), (message, times) => [
      Buffer.concat(Array.from({ length: times }, () => message)),
    ]),
  },
  { weight: 1, arbitrary: fc.constant((): Step[] => []) },
  { weight: 4, arbitrary: by(foreign, (_message, other) => [other]) },
  { weight: 1, arbitrary: by(foreign, (_message, other) => [other, 'silence']) },
  { weight: 4, arbitrary: by(foreign, (message, other) => [Buffer.concat([other, message])]) },
  { weight: 2, arbitrary: by(foreign, (message, other) => [Buffer.concat([message, other])]) },
  {
    weight: 1,
    arbitrary: by(fc.uint8Array({ maxLength: 60 }), (message, bytes) => [Buffer.from(bytes), message]),
  },
);

/** A connection ends with this message: one whose changes were harmless makes room for the next. */
const LAST = 40;

/** A server that speaks as it should but for one to three of its messages. */
export const misbehaviour: fc.Arbitrary<Behaviour> = fc
  .record({
    authentication: fc.constantFrom(...AUTHENTICATIONS),
    changes: fc.array(fc.tuple(fc.nat({ max: 11 }), change), { minLength: 1, maxLength: 3 }),
  })
  .map(({ authentication, changes }) => {
    const byNumber = new Map(changes);
    return {
      authentication,
      send: (message, number) =>
        number === LAST ? [message, 'close'] : (byNumber.get(number)?.(message) ?? [message]),
    };
  });

function flip(message: Buffer, at: number, bits: number): Buffer {
  const changed = Buffer.from(message);
  const index = at % changed.length;
  changed[index] = (changed[index] ?? 0) ^ bits;
  return changed;
}
