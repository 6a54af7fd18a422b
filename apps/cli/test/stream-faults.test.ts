import { runLoad, type Outcome } from '@jarvis-load/engine';
import { startMock, type FaultKind, type RunningMock } from '@jarvis-load/mock-jarvis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteNamed } from '../src/suites/suites.ts';
import { scenariosOf } from './support/run-of-suite.ts';

/** Outcome of a streamed answer, and of a turn over a WebSocket, under each fault of the mock. */
const OUTCOMES: Readonly<Record<FaultKind, readonly [stream: Outcome, turn: Outcome]>> = {
  server_error: ['server_error', 'failed_in_band'],
  reset: ['connection_error', 'truncated'],
  truncated: ['truncated', 'invalid_body'],
  hang: ['timeout', 'timeout'],
  garbage: ['connection_error', 'invalid_body'],
  wrong_json: ['truncated', 'invalid_body'],
  slow: ['ok', 'ok'],
  stall: ['ok', 'ok'],
  cut: ['truncated', 'truncated'],
  empty: ['empty', 'empty'],
  in_band_error: ['failed_in_band', 'failed_in_band'],
  slow_first_byte: ['ok', 'ok'],
};
const KINDS = Object.keys(OUTCOMES) as FaultKind[];
/** The mock sends no stream. */
const REPLACED: readonly FaultKind[] = ['server_error', 'reset', 'hang', 'garbage', 'wrong_json'];
const PLANNED = 8;

let mock: RunningMock;
beforeAll(async () => {
  const settings = ['llm.answerTokens=12', 'faults.slow.spread=40ms', 'faults.stall.pause=40ms'];
  mock = await startMock({ preset: 'fast', settings: [...settings, 'faults.slow_first_byte.delay=40ms'] });
});
afterAll(() => mock.close());

/** The share that has the fault has its outcome. */
function expectFault(
  fault: FaultKind,
  expected: Outcome,
  { operation, ended, row }: Awaited<ReturnType<typeof runUnder>>,
): void {
  const { outcomes, interrupted } = operation;
  const hit = row.outcomes[fault as never] ?? 0;
  const met = outcomes[expected] ?? 0;
  if (expected === 'ok') {
    expect(outcomes).toMatchObject({ ok: ended });
    return;
  }
  expect(hit).toBeGreaterThan(0);
  // On a busy machine, others may take longer than the short time limit, too.
  if (fault === 'hang') expect(met).toBeGreaterThanOrEqual(hit);
  else expect(met).toBe(hit);
  expect(interrupted).toBe(0);
  expect((outcomes.ok ?? 0) + met).toBe(ended);
}

/** Two of three requests have the fault; no more than four users, so that a target that hangs lets arrivals drop. */
async function runUnder(fault: FaultKind | undefined, name: string, settings: Record<string, string> = {}) {
  const off = KINDS.map((kind) => `faults.${kind}=0`);
  mock.configure({ settings: [...off, ...(fault === undefined ? [] : [`faults.${fault}=0.67`])] });
  mock.reset();
  const [scenario] = await scenariosOf({ suite: suiteNamed('jarvis'), baseUrl: mock.url, settings }, [name]);
  const result = await runLoad({
    baseUrl: mock.url,
    warmUp: false,
    circuitBreaker: false,
    timeouts: { requestMs: fault === 'hang' ? 1000 : 10_000 },
    scenarios: [
      {
        ...scenario!,
        executor: {
          kind: 'constant-arrival-rate',
          rate: 40,
          duration: 200,
          maxVUs: 4,
        },
      },
    ],
  });
  const operation = result.operations.find(({ streams }) => streams !== undefined)!;
  const rows = () =>
    mock
      .counters()
      .rows.filter(
        ({ phase, operation: of }) =>
          phase === 'run' && of === (name === 'chat-stream' ? 'openai.chat' : 'ws'),
      );
  // The mock knows of a client that left when its connection is closed.
  await expect
    .poll(() => rows().every(({ arrived, settled }) => arrived === settled), { timeout: 10_000 })
    .toBe(true);
  const [row] = rows();
  const { planned, dropped, completed, failed, interrupted } = result.scenarios[0]!.iterations;
  const ended = Object.values(operation.outcomes).reduce((sum, count) => sum + count, 0);
  expect(planned).toBe(PLANNED);
  expect(completed + failed + dropped + interrupted!).toBe(planned);
  expect(ended + operation.interrupted).toBe(row!.arrived);
  return { operation, ended, row: row! };
}

describe('streams under every fault of the mock', () => {
  it.each(KINDS)(
    'are planned = ended + dropped + interrupted, with the counts of the mock: %s',
    async (fault) => {
      const run = await runUnder(fault, 'chat-stream');
      expectFault(fault, OUTCOMES[fault][0], run);
      const { events = 0, parts = 0, tokens = 0 } = run.operation.streams ?? {};
      const sent = run.row.streams ?? { chunks: 0, events: 0, tokens: 0, bytes: 0 };
      if (fault === 'hang') expect(events).toBeLessThanOrEqual(sent.chunks);
      else {
        expect({ events, parts, tokens }).toEqual({
          events: sent.chunks,
          parts: sent.events,
          tokens: sent.tokens,
        });
      }
      if (!REPLACED.includes(fault)) expect(run.operation.bytesReceived).toBe(sent.bytes);
    },
  );

  it.each(KINDS)('over a WebSocket: %s', async (fault) => {
    const run = await runUnder(fault, 'chat-socket', { 'socket.turns': '1' });
    expectFault(fault, OUTCOMES[fault][1], run);
    const { events = 0, parts = 0 } = run.operation.streams ?? {};
    const sent = run.row.streams ?? { chunks: 0, events: 0, bytes: 0 };
    const read = { events, parts, bytes: run.operation.bytesReceived };
    // A turn that took too long on a busy machine has left its answer unread.
    if (fault === 'hang') expect(events).toBeLessThanOrEqual(sent.chunks);
    else expect(read).toEqual({ events: sent.chunks, parts: sent.events, bytes: sent.bytes });
  });

  it('that users leave: the mock counts them as left', async () => {
    const settings = { 'openai.hangUpAfter': '0.05', 'openai.answerTokens': '400' };
    mock.configure({ settings: ['llm.answerTokens=400', 'llm.gap=5ms'] });
    const { operation, row } = await runUnder(undefined, 'chat-stream', settings);
    expect(operation.outcomes.hung_up).toBeGreaterThan(0);
    expect(operation.outcomes.hung_up).toBe(row.outcomes.aborted);
    expect(operation.outcomes.hung_up).toBe(row.streams!.left);
    // What was on its way was sent, but not read.
    expect(operation.streams!.parts).toBeLessThanOrEqual(row.streams!.events);
  });
});
