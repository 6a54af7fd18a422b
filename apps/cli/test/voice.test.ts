import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';
import { startVoiceTarget, type VoiceTarget } from './support/voice-target.ts';

const speaks = requirePeer('espeak-ng');
const hears = requirePeer('pocketsphinx');
const k6 = requirePeer('k6');
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
    ['voice-user', ['load', '--scenario=voice-user', '--duration=20s']],
    ['workflow', ['load', '--scenario=workflow', '--duration=15s']],
    ['k6 voice', ['k6', 'voice', '--time-scale=0.06', '--address', 'localhost:0']],
  ])(
    '%s has no failed request at one user, and passes or fails by latency alone',
    async (name, [command = '', ...args]) => {
      if (name.startsWith('k6') && k6 === undefined) return;
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
});
