import { expect, it } from 'vitest';
import { chatSocket } from '../src/scenarios/chat-socket.ts';
import { resolveSocketSettings } from '../src/scenarios/socket-settings.ts';
import { dialectById } from '../src/index.ts';

it.each([
  ['2', { min: 2, max: 2 }],
  ['0.5..3', { min: 0.5, max: 3 }],
  ['.5', { min: 0.5, max: 0.5 }],
])('seconds are read: %s', (text, seconds) => {
  expect(resolveSocketSettings({ 'socket.think': text }).thinkSeconds).toEqual(seconds);
});

it.each(['1..2..9', '1...2', '3..1', '..', '1..', '-1', '1e3', '4000', ''])(
  'seconds are refused: "%s"',
  (text) => {
    expect(() => resolveSocketSettings({ 'socket.think': text })).toThrow(
      'expected seconds, such as 2 or 1..3',
    );
  },
);

it('interruptions are part of the demand of a conversation', () => {
  const demandOf = (socket: Readonly<Record<string, string>>) =>
    chatSocket({
      dialect: dialectById('documented'),
      credentials: { token: 'given' },
      runId: 'run-1',
      socket: { 'socket.turns': '4', 'socket.think': '2', ...socket },
    }).demand;
  expect(demandOf({})).toMatchObject({ iterationSeconds: 6, requests: { 'chat.socket': 4 } });
  expect(demandOf({ 'socket.bargeInShare': '0.5', 'socket.bargeInAfter': '0.3' })).toMatchObject({
    iterationSeconds: 6.6,
    requests: { 'chat.socket': 6 },
  });
});
