import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../src/protocol/read-message.ts';
import { writeMessage, type Packable } from '../src/protocol/write-message.ts';
import { drivenWorker } from './support/driven-worker.ts';

const TYPES = ['ack', 'spawn', 'stop', 'quit', 'heartbeat', 'reconnect', 'spawning_complete', 'x'] as const;

const spawnData = fc.record({
  timestamp: fc.oneof(fc.double(), fc.constant(null)),
  user_classes_count: fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.double(), fc.string())),
  host: fc.oneof(fc.string(), fc.constant(null)),
  stop_timeout: fc.oneof(fc.double(), fc.constant(null), fc.string()),
  parsed_options: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
});

/** Random bytes, true messages with random data, and true messages of which bytes were changed, cut or repeated. */
const frames = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .tuple(fc.constantFrom(...TYPES), fc.oneof(fc.jsonValue(), spawnData))
    .map(([type, data]) => encode([type, data, 'node'])),
  fc
    .tuple(
      fc.constantFrom(...TYPES),
      spawnData,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
      fc.nat(),
    )
    .map(([type, data, changes, cut]) => {
      const frame = encode([type, data, 'node']);
      for (const [at, byte] of changes) frame[at % frame.length] = byte;
      return frame.slice(0, 1 + (cut % (frame.length * 2)));
    }),
);

/** Heads of texts, lists and maps that promise far more than follows. */
const HOSTILE = [
  [0xdd, 0xff, 0xff, 0xff, 0xff],
  [0xdf, 0xff, 0xff, 0xff, 0xff],
  [0xdb, 0xff, 0xff, 0xff, 0xff],
  [0xc6, 0xff, 0xff, 0xff, 0xff],
  [0xc9, 0xff, 0xff, 0xff, 0xff, 1],
  Array.from({ length: 20_000 }, () => 0x91),
  [0x93, 0xc0, 0xc0, 0xc0],
  [0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0xc0],
].map((bytes) => Uint8Array.from(bytes));

describe('messages of a master', () => {
  it('do no harm, whatever they are: 200 fuzzed ones are read, or refused with a reason', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const message = readMessage(frame);
        if (message.type === 'unreadable') expect(message.problem).not.toBe('');
        if (message.type === 'spawn')
          for (const users of Object.values(message.counts)) expect(users).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
    for (const frame of HOSTILE) expect(readMessage(frame).type).toBe('unreadable');
    expect(readMessage(new Uint8Array(2_000_000))).toMatchObject({ problem: 'it has 2000000 bytes' });
  });

  it('do no harm to a worker in any state, which tells of at most ten of them', () => {
    fc.assert(
      fc.property(fc.array(frames, { minLength: 20, maxLength: 30 }), (many) => {
        const { protocol, register, told } = drivenWorker();
        register();
        for (const frame of [...HOSTILE, ...many]) protocol.receive(frame);
        const warnings = told.filter((message) => message.kind === 'say' && message.level === 'warning');
        // Each `reconnect` is told too.
        const reconnects = many.filter((frame) => readMessage(frame).type === 'reconnect').length;
        expect(warnings.length).toBeLessThanOrEqual(10 + reconnects);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses numbers of users that cannot be', () => {
    const spawn = (user_classes_count: unknown) =>
      readMessage(encode(['spawn', { timestamp: 1, user_classes_count }, 'node']));
    expect(spawn({ ChatUser: 5 })).toMatchObject({ type: 'spawn', counts: { ChatUser: 5 } });
    for (const wrong of [
      { ChatUser: -1 },
      { ChatUser: 0.5 },
      { ChatUser: 2_000_000 },
      { ChatUser: '5' },
      [],
      null,
    ])
      expect(spawn(wrong).type).toBe('unreadable');
  });
});

describe('messages of a worker', () => {
  const packable: fc.Arbitrary<Packable> = fc.letrec<{ value: Packable }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.maxSafeInteger(),
      // Not -0: whole numbers are integers, which have no sign of zero.
      fc.double({ noNaN: true }).map((value) => value + 0),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(tie('value'), { maxLength: 40 }),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        tie('value'),
      ),
    ),
  })).value;

  it('are read back by another implementation as they were', () => {
    fc.assert(
      fc.property(packable, (data) => {
        expect(decode(writeMessage('stats', data, 'node'))).toEqual(['stats', data, 'node']);
      }),
    );
  });

  it('keep whole numbers as integers, keys of maps too', () => {
    const frame = writeMessage(
      'x',
      new Map([
        [300, 3],
        [1_800_000_000, 2 ** 40],
      ]),
      'n',
    );
    const [, data] = decode(frame, { mapKeyConverter: (key) => `${typeof key} ${String(key)}` }) as [
      string,
      Record<string, number>,
    ];
    expect(data).toEqual({ 'number 300': 3, 'number 1800000000': 2 ** 40 });
    expect([...frame]).not.toContain(0xcb);
  });
});
