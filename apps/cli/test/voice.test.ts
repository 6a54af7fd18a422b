import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine';
import { requirePeer } from '../../../tools/peers.ts';
import { suiteNamed } from '../src/suites/suites.ts';
import { Workspace } from './support/cli.ts';
import { SAMPLE_RATE } from './support/openai-voice.ts';
import { runOfSuite } from './support/run-of-suite.ts';
import { startVoiceTarget, type VoiceTarget } from './support/voice-target.ts';

const speaks = requirePeer('espeak-ng');
const hears = requirePeer('pocketsphinx');
const k6 = requirePeer('k6');
const TURNS = 2;
const here = new Workspace();
let target: VoiceTarget;

const metric = (result: RunResult, name: string) =>
  result.metrics.find((each) => each.name === name && each.scenario === null) ??
  result.metrics.find((each) => each.name === name);

/** Accepts only failures caused by latency, which depends on the machine that runs the tests. */
function expectLatencyAlone(result: RunResult): void {
  expect(result.totals.failed).toBe(0);
  expect(result.errors).toEqual([]);
  expect(metric(result, 'voice_errors')?.values).toMatchObject({ rate: 0, passes: 0 });
  const failed = [
    ...result.thresholds.filter(({ status }) => status === 'fail').map(({ metric: name }) => name),
    ...result.objectives.filter(({ status }) => status === 'fail').map(({ aspect }) => aspect),
  ];
  // With one user, throughput depends on latency.
  const byLatency = /^(http_req_duration|tts_latency|stt_latency|p50|p95|p99|requestsPerSecond)/;
  expect(failed.filter((name) => !byLatency.test(name))).toEqual([]);
}

describe.skipIf(speaks === undefined || hears === undefined)('a target with real speech', () => {
  beforeAll(async () => {
    target = await startVoiceTarget({ speaks: speaks!, hears: hears! });
  });
  afterAll(async () => {
    await target?.close();
    here.remove();
  });

  it.each([
    // By this seed the first task is a round trip: in 20 s there may be none by another one.
    ['voice-user', ['load', '--scenario=voice-user', '--duration=20s', '--seed=5']],
    ['workflow', ['load', '--scenario=workflow', '--duration=15s']],
    ...(k6 === undefined
      ? []
      : ([['k6 voice', ['k6', 'voice', '--time-scale=0.06', '--address', 'localhost:0']]] as const)),
  ] as const)(
    '%s has no failed request at one user, and passes or fails by latency alone',
    async (name, [command, ...args]) => {
      const before = target.heard.length;
      const run = await here.run([
        command,
        ...args,
        `--target=${target.url}`,
        '--users=1',
        '--set',
        'language=en',
        '--format=json',
        '--quiet',
      ]);
      const result = here.result();
      expect(result.totals.requests, run.err + run.out).toBeGreaterThan(1);
      expectLatencyAlone(result);
      const wer = metric(result, 'stt_wer')!;
      expect(wer.values['count']).toBeGreaterThan(0);
      expect(target.heard.length - before).toBeGreaterThanOrEqual(wer.values['count']!);
      // Recordings are recognised except for a word or two; speech of espeak-ng is recognised less well.
      if (name === 'k6 voice') expect(wer.values['avg']).toBeLessThan(0.5);
    },
    120_000,
  );

  it('voice-turn speaks the OpenAI-style API, and its numbers are those of the target', async () => {
    const heardBefore = target.heard.length;
    const settings = {
      'openai.sampleRate': String(SAMPLE_RATE),
      language: 'en',
      'openai.answerTokens': '12',
    };
    const result = await runOfSuite(
      { suite: suiteNamed('openai'), baseUrl: target.url, settings },
      'voice-turn',
      {
        kind: 'per-vu-iterations',
        vus: 1,
        iterations: TURNS,
      },
    );
    const { spoken } = target;
    expect(spoken).toHaveLength(TURNS);
    expect(target.heard.length - heardBefore).toBe(TURNS);
    expect(result.totals).toMatchObject({ requests: 3 * TURNS, failed: 0 });
    const values = (name: string) => metric(result, name)!.values as Record<string, number>;
    expect(values('voice_errors')).toMatchObject({ rate: 0 });
    const speech = result.operations.find(({ operation }) => operation === 'openai.speech')!;
    expect(speech.bytesReceived).toBe(spoken.reduce((sum, { bytes }) => sum + bytes, 0));
    // What people hear: some seconds of audio for each answer.
    const seconds = spoken.map(({ bytes }) => bytes / 2 / SAMPLE_RATE);
    for (const each of seconds) expect(each).toBeGreaterThan(0.5);
    // The client cannot have it earlier than the target has sent it, and has it soon after: both run on one machine.
    const rtf = spoken.map(({ allMs }, index) => allMs / 1000 / seconds[index]!);
    expect(values('voice_rtf')['min']!).toBeGreaterThan(0.99 * Math.min(...rtf) - 0.002);
    expect(values('voice_rtf')['avg']!).toBeLessThan(2 * mean(rtf) + 0.1);
    expect(speech.streams!.ttft.minMs!).toBeGreaterThan(
      Math.min(...spoken.map(({ firstMs }) => firstMs)) - 1,
    );
    expect(values('voice_turn')['min']!).toBeGreaterThan(speech.streams!.ttft.minMs!);
    // espeak-ng makes speech many times faster than it is heard: it is never missing.
    expect(values('voice_rtf')['max']!).toBeLessThan(1);
    expect(values('voice_continuous')).toMatchObject({ rate: 1 });
  }, 120_000);
});

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
