import { runLoad, type Outcome } from '@jarvis-load/engine';
import { encodeWav, toRecording, voiceTurn } from '@jarvis-load/jarvis';
import { startMock, type FaultKind, type RunningMock } from '@jarvis-load/mock-jarvis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Outcome of the speech under each fault, and whether the turn is an error. */
const EXPECTED: Readonly<Record<FaultKind, readonly [outcome: Outcome, isError: boolean]>> = {
  server_error: ['server_error', true],
  reset: ['connection_error', true],
  truncated: ['truncated', true],
  hang: ['timeout', true],
  garbage: ['connection_error', true],
  wrong_json: ['ok', true],
  slow: ['ok', false],
  stall: ['ok', false],
  // The body is complete: audio has no mark at its end.
  cut: ['ok', false],
  empty: ['empty', true],
  in_band_error: ['ok', true],
  slow_first_byte: ['ok', false],
};
const KINDS = Object.keys(EXPECTED) as FaultKind[];
/** The mock answers with something else than speech, or with nothing. */
const REPLACED: readonly FaultKind[] = [
  'server_error',
  'reset',
  'hang',
  'garbage',
  'wrong_json',
  'in_band_error',
];
const TURNS = 6;
const said = toRecording('a.wav', encodeWav(new Int16Array(1600), 16_000), 'Bonjour');

let mock: RunningMock;
beforeAll(async () => {
  const delays = ['slow.spread', 'stall.pause', 'slow_first_byte.delay'].map((name) => `faults.${name}=40ms`);
  mock = await startMock({ preset: 'fast', settings: ['llm.answerTokens=12', ...delays] });
});
afterAll(() => mock.close());

describe('speech under every fault of the mock', () => {
  it.each(KINDS)('has the outcomes, and the bytes that the mock sent: %s', async (fault) => {
    const off = KINDS.map((kind) => `faults.${kind}=0`);
    mock.configure({
      settings: [...off, `faults.${fault}=0.67`, `faults.${fault}.operations=openai.speech`],
    });
    mock.reset();
    const result = await runLoad({
      baseUrl: mock.url,
      warmUp: false,
      circuitBreaker: false,
      timeouts: { requestMs: fault === 'hang' ? 2000 : 20_000 },
      scenarios: [
        {
          ...voiceTurn({ recordings: [said] }),
          executor: { kind: 'shared-iterations', vus: TURNS, iterations: TURNS },
        },
      ],
    });
    const row = () =>
      mock.counters().rows.find(({ phase, operation }) => phase === 'run' && operation === 'openai.speech')!;
    // The mock knows of a client that left when its connection is closed.
    await expect.poll(() => row().settled, { timeout: 10_000 }).toBe(TURNS);
    const speech = result.operations.find(({ operation }) => operation === 'openai.speech')!;
    const [outcome, isError] = EXPECTED[fault];
    const hit = row().outcomes[fault as never] ?? 0;
    expect(speech).toMatchObject({ requests: TURNS, interrupted: 0, streams: { streams: TURNS } });
    if (outcome === 'ok') expect(speech.outcomes.ok).toBe(TURNS);
    else {
      expect(hit).toBeGreaterThan(0);
      // On a busy machine, others may take longer than the short time limit, too.
      if (fault === 'hang') expect(speech.outcomes[outcome]).toBeGreaterThanOrEqual(hit);
      else expect(speech.outcomes).toMatchObject({ [outcome]: hit, ok: TURNS - hit });
    }
    if (fault !== 'hang') {
      const errors = result.metrics.find(({ name }) => name === 'voice_errors')!.values;
      expect(errors).toMatchObject({ passes: isError ? hit : 0, fails: isError ? TURNS - hit : TURNS });
    }
    if (!REPLACED.includes(fault)) expect(speech.bytesReceived).toBe(row().streams!.bytes);
  });
});
