import { flagTable, type SettingsOf } from './flag.ts';
import { number, onOff, pairs, text } from './flag-kinds.ts';

/** Flags of `mock`. */
export const MOCK_FLAGS = flagTable({
  port: {
    kind: number({ integer: true, min: 0, max: 65535 }),
    description: 'Port to listen on; 0 takes a free one',
    example: '--port=8100',
    defaultText: '8100',
  },
  host: {
    kind: text('<address>'),
    description: 'Loopback address to listen on',
    example: '--host=::1',
    defaultText: '127.0.0.1',
  },
  set: {
    kind: pairs('<name=value>', '='),
    description: 'A setting of the mock, with or without the prefix "mock."; repeatable',
    example: '--set preset=degraded --set dialect=core',
    defaultText: 'preset typical, dialect documented',
  },
  debug: {
    kind: onOff(),
    description: 'Shows stack traces',
    example: '--debug',
    defaultText: 'off',
  },
});

/** Settings of `mock`. */
export type MockSettings = SettingsOf<typeof MOCK_FLAGS>;
