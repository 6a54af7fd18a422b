import type { SettingSchema, SettingTexts } from '@jarvis-load/engine';
import { settingReader } from './setting-reader.ts';

/** The two documented forms of messages over `/ws`. */
export type SocketForm = 'chat' | 'message';

/**
 * Settings of the scenario over `/ws`. Their names begin with `socket.`, which is in `PREFIXES` of `openai/settings.ts`:
 * `resolveSettings` rejects other prefixes as unknown.
 */
export interface SocketSettings {
  readonly form: SocketForm;
  readonly turns: number;
  readonly thinkSeconds: { readonly min: number; readonly max: number };
  /** Who keeps what was said: the server, or each message carries it. */
  readonly history: 'server' | 'message';
  /** Share of the turns that users interrupt. */
  readonly bargeInShare: number;
  /** From sending the message. */
  readonly bargeInAfterSeconds: number;
  /** undefined: users wait for every answer. */
  readonly hangUpAfterMs: number | undefined;
  /** Share of the conversations whose user hangs up. */
  readonly hangUpShare: number;
  readonly good: string;
}

/** The schema of every setting, by its name after `--set`. */
export const SOCKET_SETTINGS = {
  'socket.form': {
    type: 'string',
    description: 'Messages over /ws: chat (auth message, then chat) or message (the older reference)',
    default: 'chat',
  },
  'socket.turns': {
    type: 'integer',
    description: 'Turns of a conversation over /ws',
    default: 3,
    minimum: 1,
    maximum: 100,
  },
  'socket.think': {
    type: 'string',
    description: 'Seconds between its turns: 2, or a range such as 1..3',
    default: '1..3',
  },
  'socket.history': {
    type: 'string',
    description: 'Who keeps what was said: server, or message: each message carries the turns before it',
    default: 'server',
  },
  'socket.bargeInShare': {
    type: 'number',
    description: 'Share of the turns in which the user interrupts the answer',
    default: 0,
    minimum: 0,
    maximum: 1,
  },
  'socket.bargeInAfter': {
    type: 'number',
    description: 'Seconds from the message to the interruption',
    default: 0.2,
    minimum: 0,
    maximum: 600,
  },
  'socket.hangUpAfter': {
    type: 'number',
    description: 'Seconds of waiting for an answer after which users hang up; 0: never',
    default: 0,
    minimum: 0,
    maximum: 3600,
  },
  'socket.hangUpShare': {
    type: 'number',
    description: 'Share of the conversations whose users would hang up',
    default: 1,
    minimum: 0,
    maximum: 1,
  },
  'socket.good': {
    type: 'string',
    description: 'When an answer over /ws is good: basis of the goodput',
    default: 'ttft < 800 ms',
  },
} as const satisfies Readonly<Record<string, SettingSchema>>;

type Name = keyof typeof SOCKET_SETTINGS;

/**
 * Applies defaults and checks.
 * @param texts other settings among them are left alone
 * @throws JarvisError `invalid_setting`, naming the setting and what was expected
 */
export function resolveSocketSettings(texts: SettingTexts = {}): SocketSettings {
  const { number, seconds, named, textOf, refuse } = settingReader(SOCKET_SETTINGS, texts);
  const oneOf = <Word extends string>(name: Name, words: readonly Word[]): Word => {
    const word = words.find((each) => each === textOf(name).trim());
    if (word === undefined) throw refuse(name, words.join(' or '));
    return word;
  };
  const hangUpSeconds = number('socket.hangUpAfter');
  return {
    form: oneOf('socket.form', ['chat', 'message']),
    turns: number('socket.turns'),
    thinkSeconds: seconds('socket.think'),
    history: oneOf('socket.history', ['server', 'message']),
    bargeInShare: number('socket.bargeInShare'),
    bargeInAfterSeconds: number('socket.bargeInAfter'),
    hangUpAfterMs: hangUpSeconds === 0 ? undefined : hangUpSeconds * 1000,
    hangUpShare: number('socket.hangUpShare'),
    good: named('socket.good'),
  };
}
