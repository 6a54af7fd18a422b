import http from 'k6/http';
import { check } from 'k6';
import { Trend } from 'k6/metrics';

const recording = open('../scenarios/silence.wav', 'b');
const characters = new Trend('characters');

export const options = { thresholds: { checks: ['rate==1'] } };

export default function () {
  const body = {
    model: 'whisper-1',
    language: 'en',
    file: http.file(recording, 'silence.wav', 'audio/wav'),
  };
  const answer = http.post(`${__ENV.TARGET}/v1/audio/transcriptions`, body, {
    headers: { authorization: `Bearer ${__ENV.OPENAI_API_KEY || 'test'}` },
    timeout: '30s',
    tags: { name: 'transcribe' },
  });
  if (
    check(answer, { 'has a text': () => answer.status === 200 && typeof answer.json('text') === 'string' })
  ) {
    characters.add(answer.json('text').length);
  }
}
