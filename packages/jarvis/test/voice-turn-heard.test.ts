import { expect, it } from 'vitest';
import { voiceTurn } from '../src/index.ts';
import { fakeResponse } from './fake-response.ts';
import { scriptedUser } from './scripted-user.ts';

const recording = { said: 'Quelle heure est-il', audioBase64: btoa('samples') };

it.each([
  ['a rightly empty text', { text: '' }, { stt_wer: [1], voice_errors: [0] }],
  ['a blank one', { text: ' ' }, { stt_wer: [1], voice_errors: [0] }],
  ['no text', { words: [] }, { voice_errors: [1] }],
])('%s for speech ends the turn before the model is asked', async (_, json, metrics) => {
  const scenario = voiceTurn({ recordings: [recording] });
  const user = scriptedUser(() => fakeResponse({ json }), scenario);
  await scenario.run!(user, undefined as never);
  expect(user.script.sent.map(({ operation }) => operation)).toEqual(['openai.transcriptions']);
  expect(Object.fromEntries(user.script.metrics)).toEqual(metrics);
});
