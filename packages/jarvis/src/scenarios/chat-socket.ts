/**
 * Scenario `chat-socket`: conversations over the documented WebSocket `/ws`.
 *
 * Must hold:
 * - Every turn records `errors` and `left_waiting` once, an interrupted one too; a refused connection records one error.
 * - A dialect without a socket fails in `setup` with `not_offered`, before any user starts.
 * - There is no `teardown`: conversations that the server stores stay there.
 */
import type { Channel, Operation, StreamEvent, StreamPart, VirtualUser } from '@jarvis-load/engine';
import { CHAT_MESSAGES, pick } from '../data/texts.ts';
import { isRecord } from '../dialects/rules.ts';
import { JarvisError } from '../error.ts';
import { profileExecutor } from '../profiles/profile-executor.ts';
import { createKit, declareOperations, leftOut } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';
import { resolveSocketSettings, type SocketForm, type SocketSettings } from './socket-settings.ts';

const NAME = 'chat-socket';
/** The operation: a turn of a conversation. */
export const SOCKET_OPERATION = 'chat.socket';
const ROUTE = '/ws';
/** Longest `content` of a message, in the documented contract. */
const MOST_CHARACTERS = 10_000;

/** Conversations over the documented WebSocket. @param good when an answer is good, for the goodput */
const socketOperation = (good: string): Operation => ({
  name: SOCKET_OPERATION,
  method: 'GET',
  route: ROUTE,
  stream: 'websocket',
  decode: decodeSocket,
  good,
});

/** The meaning of a message of the server: the answer comes as a whole; typing notices are no content. Throws for others. */
function decodeSocket({ data }: StreamEvent): StreamPart | readonly StreamPart[] {
  const message: unknown = JSON.parse(data);
  if (!isRecord(message)) throw new TypeError('the message is no object');
  switch (message['type']) {
    case 'chat_response':
      return answer(message['content']);
    case 'response':
      return answer(message['response']);
    case 'error':
      return { kind: 'error', message: `${String(message['code'])}: ${String(message['message'])}` };
    case 'typing_start':
    case 'typing_stop':
    case 'system':
      return { kind: 'ignore' };
    default:
      throw new TypeError(`the message has the type ${JSON.stringify(message['type'])}`);
  }
}

function answer(text: unknown): readonly StreamPart[] {
  if (typeof text !== 'string') throw new TypeError('the answer has no text');
  return [{ kind: 'token', text }, { kind: 'done' }];
}

/**
 * Conversations over `/ws`, in either documented form. An iteration is a conversation on a WebSocket of its own; each turn is a
 * message and its answer. It ends with its last turn, with an answer that fails, and when the user hangs up.
 */
export function chatSocket(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const settings = resolveSocketSettings(options.socket);
  const { turns, thinkSeconds, bargeInShare, bargeInAfterSeconds } = settings;
  // Each interruption is a message of its own.
  const bargeIns = turns * bargeInShare;
  const missing = kit.dialect.hasSocket
    ? undefined
    : leftOut(kit, 'the conversation', [], 'its /ws is a plain page, no WebSocket');
  return {
    name: NAME,
    description: 'Conversations over the WebSocket /ws: time to the first content, barge-in, hang-ups',
    operations: [...declareOperations(kit, []), socketOperation(settings.good)],
    notOffered: missing === undefined ? [] : [missing],
    metrics: [
      { name: 'barge_in', kind: 'trend', unit: 'ms' },
      { name: 'errors', kind: 'rate' },
      // Turns whose user hung up before any content: their time to it is not known, and not in `ttft`.
      { name: 'left_waiting', kind: 'rate' },
    ],
    setup(user) {
      if (missing === undefined) return kit.sessions.setup(user);
      throw new JarvisError('not_offered', `${missing.text} Choose another scenario, such as chat-user.`);
    },
    onStart: (user, shared) => kit.sessions.start(user, shared),
    run: (user, { state: session }) => converse(user, session, settings, kit.runId),
    executor: profileExecutor('smoke'),
    // The 95th percentile of `ttft` is known as long as fewer than 5 % of the turns are missing in it.
    thresholds: { ttft: ['p(95)<800'], left_waiting: ['rate<0.05'], errors: ['rate<0.01'] },
    demand: {
      iterationSeconds:
        ((turns - 1) * (thinkSeconds.min + thinkSeconds.max)) / 2 + bargeIns * bargeInAfterSeconds,
      requests: { [SOCKET_OPERATION]: turns + bargeIns },
      startRequests: kit.sessions.startRequests,
    },
  };
}

async function converse(
  user: VirtualUser,
  session: Session,
  settings: SocketSettings,
  runId: string,
): Promise<void> {
  const { form, turns, thinkSeconds, hangUpAfterMs, hangUpShare } = settings;
  const hangsUp = hangUpAfterMs !== undefined && (hangUpShare === 1 || user.random() < hangUpShare);
  const token = await session.token(user);
  const channel = await user.open({
    operation: SOCKET_OPERATION,
    path: ROUTE,
    // The older reference names no message for the token.
    ...(form === 'message' ? { headers: { authorization: `Bearer ${token}` } } : {}),
    ...(hangsUp ? { hangUpAfterMs } : {}),
  });
  if (channel.refused !== undefined) {
    user.record('errors', 1);
    return;
  }
  if (form === 'chat') channel.send({ type: 'auth', token }, { more: true });
  const said: string[] = [];
  for (let turn = 0; turn < turns; turn++) {
    if (turn > 0) await user.think(thinkSeconds);
    const text = `[${runId}] ${pick(CHAT_MESSAGES, () => user.random())}`;
    const answered = await takeTurn(user, channel, settings, withHistory(settings, said, text));
    if (answered === undefined) break;
    said.push(`user: ${text}`, `assistant: ${answered}`);
  }
  await channel.close();
}

/** One turn, and the one after an interruption. @returns the answer; undefined: the conversation is over */
async function takeTurn(
  user: VirtualUser,
  channel: Channel,
  { form, bargeInShare, bargeInAfterSeconds }: SocketSettings,
  content: string,
): Promise<string | undefined> {
  const interrupts = bargeInShare > 0 && user.random() < bargeInShare;
  channel.send(messageOf(form, content));
  let silentAfterMs = Number.NaN;
  if (interrupts) {
    await user.think(bargeInAfterSeconds);
    // NaN: the answer had come already, so there was no interruption.
    silentAfterMs = await channel.interrupt(
      messageOf(
        form,
        pick(CHAT_MESSAGES, () => user.random()),
      ),
    );
  }
  let turn = await channel.receive();
  if (!Number.isNaN(silentAfterMs) && turn.response?.outcome === 'ok') {
    user.record('barge_in', silentAfterMs);
    user.record('errors', 0);
    user.record('left_waiting', 0);
    turn = await channel.receive();
  }
  const outcome = turn.response?.outcome;
  user.record('left_waiting', outcome === 'hung_up' && turn.arrivalsMs.length === 0 ? 1 : 0);
  user.record('errors', outcome === 'ok' || outcome === 'hung_up' ? 0 : 1);
  return outcome === 'ok' ? turn.text : undefined;
}

const messageOf = (form: SocketForm, content: string): object => ({ type: form, content });

/** The text after the turns before it, of which only the end is kept that fits in a message: the first one may be cut. */
function withHistory({ history }: SocketSettings, said: readonly string[], text: string): string {
  if (history === 'server' || said.length === 0) return text;
  const whole = [...said, `user: ${text}`].join('\n');
  return whole.slice(-MOST_CHARACTERS);
}
