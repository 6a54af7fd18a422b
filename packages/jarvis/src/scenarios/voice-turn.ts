import type {
  LoadResponse,
  MetricDeclaration,
  Operation,
  ScenarioDefinition,
  VirtualUser,
} from '@jarvis-load/engine';
import { audioKind, HEAD_BYTES } from '../data/audio-kind.ts';
import { pcmSpeech, type SpeechFormat } from '../data/audio-meter.ts';
import { decodeBase64 } from '../data/base64.ts';
import { playback, realTimeFactor, type AudioPiece } from '../data/playback.ts';
import type { Recording } from '../data/recording.ts';
import { pick } from '../data/texts.ts';
import { wordErrorRate } from '../data/word-error-rate.ts';
import { isRecord } from '../dialects/rules.ts';
import { JarvisError } from '../error.ts';
import { askModel, bearer, type ChatAnswer } from '../openai/ask-model.ts';
import { DEFAULT_GOOD } from '../openai/default-good.ts';
import type { Length } from '../openai/lengths.ts';
import { chatOperation, SPEECH, TRANSCRIPTIONS } from '../openai/operations.ts';

/** Options of {@link voiceTurn}. */
export interface VoiceTurnOptions {
  /** What users say, at least one. */
  readonly recordings: readonly Recording[];
  /** Models of transcription, answer and speech, as the target names them. */
  readonly models?: { readonly hear?: string; readonly think?: string; readonly speak?: string };
  /** @default 'alloy' */
  readonly voice?: string;
  /** Format of the speech. @default PCM of 24,000 Hz, that of the OpenAI API, which has no header to say it */
  readonly speech?: SpeechFormat;
  /** Longest answer, in tokens. @default 30: a sentence or two */
  readonly answerTokens?: Length;
  /** When the streamed text of an answer is good. @default `openai.good` */
  readonly good?: string;
  /** Longest silence in a streamed answer or speech after its first content, in milliseconds. @default 10000 */
  readonly idleTimeoutMs?: number;
  /** Sent as bearer token. @default none: a header of the run */
  readonly token?: string;
}

const METRICS: readonly MetricDeclaration[] = [
  // End of the user's speech to the first audio of the answer.
  { name: 'voice_turn', kind: 'trend', unit: 'ms' },
  { name: 'voice_rtf', kind: 'trend' },
  { name: 'voice_underrun', kind: 'trend', unit: 'ms' },
  // C100: answers whose audio was never missing for 100 ms.
  { name: 'voice_continuous', kind: 'rate' },
  // Word error rate of what was heard, see `VOICE_METRICS`.
  { name: 'stt_wer', kind: 'trend' },
  // Transcribed turns whose text is empty although something was said: they end there, with no numbers of the speech.
  { name: 'not_heard', kind: 'rate' },
  { name: 'voice_errors', kind: 'rate' },
];

const CONTINUOUS_MS = 100;
const SHORT_ANSWER = 30;
/** Formats whose answers are held to their kind; that of a format of others is not known. */
const KNOWN_FORMATS: ReadonlySet<string> = new Set(['pcm', 'wav', 'mp3']);

/**
 * A turn of a conversation by voice, over the OpenAI-style API: what the user said is transcribed, answered in a
 * stream, and the whole answer is spoken. The turn counts from the intended start of the first request, which is the end of the
 * speech, to the first audio. Works with any server of that API.
 *
 * @throws JarvisError `invalid_option` without recordings, and for one that is not base64
 */
export function voiceTurn(options: VoiceTurnOptions): ScenarioDefinition {
  const { models = {}, answerTokens, token, idleTimeoutMs, good = DEFAULT_GOOD } = options;
  const { think = 'default' } = models;
  return spokenTurn('voice-turn', options, {
    operation: chatOperation({ good, idleTimeoutMs, model: think }),
    ask: (user, said) =>
      askModel(user, {
        model: think,
        maxTokens: answerTokens?.(() => user.random()) ?? SHORT_ANSWER,
        messages: [{ role: 'user', content: said }],
        headers: bearer(token),
      }),
  });
}

/** How a turn by voice gets its answer. */
export interface Thinking {
  readonly operation: Operation;
  ask(user: VirtualUser, said: string): Promise<ChatAnswer>;
}

/**
 * A turn by voice: speech in, an answer to its text, the answer as speech.
 * @throws JarvisError `invalid_option` without recordings, and for one that is not base64
 */
export function spokenTurn(name: string, options: VoiceTurnOptions, thinking: Thinking): ScenarioDefinition {
  const { recordings, models = {}, voice = 'alloy', token, idleTimeoutMs } = options;
  const { speech = pcmSpeech({ sampleRate: 24_000 }) } = options;
  const headers = bearer(token);
  const auth = headers === undefined ? {} : { headers };
  const { hear = 'whisper-1', speak = 'tts-1' } = models;
  if (recordings.length === 0) {
    throw new JarvisError(
      'invalid_option',
      `Scenario ${name} sends speech and was given no recordings: pass \`recordings\`, each with what it says and a WAV as base64.`,
    );
  }
  const speeches = recordings.map(({ said, audioBase64 }) => {
    const wav = decodeBase64(audioBase64);
    if (wav === undefined) {
      throw new JarvisError('invalid_option', `Scenario ${name}: the audio of "${said}" is not base64.`);
    }
    return { said, wav };
  });
  const formatCheck = {
    [`openai.speech: has audio, as ${speech.name}`]: ({ came, audioMs }: { came: string; audioMs: number }) =>
      came === speech.name && audioMs > 0,
  };
  const speechOperation = {
    ...SPEECH,
    tags: { model: speak },
    ...(idleTimeoutMs === undefined ? {} : { idleTimeout: idleTimeoutMs }),
  };
  return {
    name,
    operations: [TRANSCRIPTIONS, thinking.operation, speechOperation],
    metrics: METRICS,
    async run(user) {
      const failed = (): void => user.record('voice_errors', 1);
      const { said, wav: content } = pick(speeches, () => user.random());
      const heard = await user.request({
        operation: 'openai.transcriptions',
        path: '/v1/audio/transcriptions',
        multipart: { file: { content, name: 'speech.wav', type: 'audio/wav' }, model: hear },
        ...auth,
      });
      const text = heardText(heard);
      if (text === undefined) return failed();
      user.record('stt_wer', wordErrorRate(said, text));
      const isEmpty = text.trim() === '';
      user.record('not_heard', isEmpty && said.trim() !== '' ? 1 : 0);
      // Nothing heard is an error of recognition, not of the turn: there is nothing to ask.
      if (isEmpty) return user.record('voice_errors', 0);

      const { text: answer, response: answered } = await thinking.ask(user, text);
      if (answered.outcome !== 'ok' || answer.trim() === '') return failed();

      const spoken = user.stream({
        operation: 'openai.speech',
        path: '/v1/audio/speech',
        json: { model: speak, input: answer, voice, response_format: speech.name },
        ...auth,
      });
      const meter = speech.meter();
      const lengths: number[] = [];
      const head: number[] = [];
      for await (const part of spoken) {
        if (part.kind !== 'audio' || part.bytes === undefined) continue;
        if (head.length < HEAD_BYTES) head.push(...part.bytes.subarray(0, HEAD_BYTES - head.length));
        lengths.push(meter.add(part.bytes));
      }
      const response = await spoken.response;
      if (response.outcome !== 'ok') return failed();
      // What only the end of the stream completes came with its last piece.
      if (lengths.length > 0) lengths[lengths.length - 1]! += meter.end();
      const pieces = lengths.map((audioMs, index): AudioPiece => ({
        audioMs,
        atMs: spoken.arrivalsMs[index] ?? NaN,
      }));
      const { audioMs, firstAudioMs, underrunMs } = playback(pieces);
      const kind = audioKind(head, response.headers['content-type']);
      const came = KNOWN_FORMATS.has(speech.name) && kind !== undefined ? kind : speech.name;
      // Lengths that are read in another format than the one that came would be wrong numbers.
      if (!user.check({ came, audioMs }, formatCheck)) return failed();
      user.record('voice_errors', 0);
      user.record(
        'voice_turn',
        heard.timings.responseTimeMs + answered.timings.responseTimeMs + firstAudioMs,
      );
      user.record('voice_rtf', realTimeFactor(response.timings.serviceTimeMs, audioMs));
      user.record('voice_underrun', underrunMs);
      user.record('voice_continuous', underrunMs < CONTINUOUS_MS ? 1 : 0);
    },
    executor: { kind: 'constant-arrival-rate', rate: 1, duration: '30s' },
    thresholds: {
      voice_turn: ['p(95)<1500'],
      voice_rtf: ['p(95)<1'],
      voice_underrun: ['p(95)<100'],
      voice_continuous: ['rate>0.95'],
      voice_errors: ['rate<0.01'],
      not_heard: ['rate<0.05'],
    },
    demand: {
      iterationSeconds: 0,
      requests: { 'openai.transcriptions': 1, [thinking.operation.name]: 1, 'openai.speech': 1 },
    },
  };
}

/** What was heard, empty where that is nothing; undefined where the answer does not say. */
function heardText(response: LoadResponse): string | undefined {
  const body = response.outcome === 'ok' ? response.json() : undefined;
  const text = isRecord(body) ? body['text'] : undefined;
  return typeof text === 'string' ? text : undefined;
}
