import { startLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock, type ScriptedAnswer } from '@jarvis-load/engine/testing';
import { expect, it } from 'vitest';
import { voiceTurn } from '../src/index.ts';
import { fakeResponse } from './fake-response.ts';
import { scriptedUser } from './scripted-user.ts';

const recording = { said: 'Quelle heure est-il', audioBase64: btoa('samples') };

it.each([
  ['a rightly empty text', { text: '' }, { stt_wer: [1], not_heard: [1], voice_errors: [0] }],
  ['a blank one', { text: ' ' }, { stt_wer: [1], not_heard: [1], voice_errors: [0] }],
  ['no text', { words: [] }, { voice_errors: [1] }],
])('%s for speech ends the turn before the model is asked', async (_, json, metrics) => {
  const scenario = voiceTurn({ recordings: [recording] });
  const user = scriptedUser(() => fakeResponse({ json }), scenario);
  await scenario.run!(user, undefined as never);
  expect(user.script.sent.map(({ operation }) => operation)).toEqual(['openai.transcriptions']);
  expect(Object.fromEntries(user.script.metrics)).toEqual(metrics);
});

it('a transcriber that hears nothing in nine of ten turns breaks a promise of the scenario', async () => {
  const clock = new VirtualClock();
  let turns = 0;
  const transport = new ScriptedTarget(clock, ({ path }): ScriptedAnswer => {
    if (path.endsWith('/transcriptions')) return { body: { text: turns++ % 10 === 0 ? recording.said : '' } };
    if (path.endsWith('/completions')) {
      const token = 'data: {"choices":[{"delta":{"content":"Midi"}}]}\n\ndata: [DONE]\n\n';
      return { pieces: [{ atMs: 50, bytes: token }] };
    }
    return { pieces: [{ atMs: 60, bytes: Buffer.alloc(48_000) }] };
  });
  const scenario = voiceTurn({ recordings: [recording] });
  const executor = { kind: 'shared-iterations', vus: 1, iterations: 40 } as const;
  const run = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport,
    scenarios: [{ ...scenario, executor }],
  });
  const { metrics, thresholds, verdict } = await clock.until(run.result);
  expect(metrics.find(({ name }) => name === 'not_heard')!.values).toMatchObject({ passes: 36, fails: 4 });
  const broken = thresholds.filter(({ status }) => status === 'fail').map(({ metric }) => metric);
  expect([verdict.status, broken]).toEqual(['fail', [expect.stringContaining('not_heard')]]);
});
