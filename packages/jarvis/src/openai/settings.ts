/**
 * The settings `openai.*` of the scenarios over the OpenAI-style API.
 *
 * Must hold:
 * - A setting with a new prefix has that prefix in `PREFIXES` too, or `resolveSettings` rejects it as unknown.
 * - `openai.prompts` is a path: the caller reads the file and passes prompts.
 */
import type { SettingSchema, SettingTexts } from '@jarvis-load/engine';
import { settingReader } from '../scenarios/setting-reader.ts';
import { DEFAULT_GOOD } from './default-good.ts';
import { LENGTH_FORMS, parseLength, type Length } from './lengths.ts';

/** Settings of the scenarios over the OpenAI-style API. */
export interface OpenAiSettings {
  /** Empty: the first one that `GET /v1/models` lists. */
  readonly model: string;
  /** undefined: the messages of this package, or the file's prompts. */
  readonly promptTokens: Length | undefined;
  /** `file`: as long as the answers of the file; undefined: the model decides. */
  readonly answerTokens: Length | 'file' | undefined;
  readonly turns: number;
  readonly thinkSeconds: { readonly min: number; readonly max: number };
  /** undefined: users wait for the whole answer. */
  readonly hangUpAfterMs: number | undefined;
  /** Share of the answers that users hang up on. */
  readonly hangUpShare: number;
  /** Longest silence after the first content. */
  readonly idleTimeoutMs: number;
  readonly good: string;
  readonly transcriptionModel: string;
  readonly speechModel: string;
  readonly voice: string;
  readonly speechFormat: 'pcm' | 'wav' | 'mp3';
  /** Of PCM, in hertz. */
  readonly sampleRate: number;
}

/** Prefixes of the settings that `resolveSettings` does not know; each kind has a function of its own. */
const PREFIXES = ['openai.', 'socket.', 'telemetry.'];

/** The schema of every setting, by its name after `--set`. */
export const OPENAI_SETTINGS = {
  'openai.model': {
    type: 'string',
    description: 'Model of the answers; empty: the first that GET /v1/models lists',
    default: '',
  },
  'openai.prompts': {
    type: 'string',
    format: 'file',
    description: 'File of prompts or conversations: JSON or lines of JSON, ShareGPT too',
    default: '',
  },
  'openai.promptTokens': {
    type: 'string',
    description: `Length of made-up prompts (4 bytes a token): ${LENGTH_FORMS}; empty: short questions`,
    default: '',
  },
  'openai.answerTokens': {
    type: 'string',
    description:
      'max_tokens of each request, likewise, or "file": the length of the answer in the file of prompts',
    default: '',
  },
  'openai.turns': {
    type: 'integer',
    description: 'Turns of a conversation; each request carries those before it',
    default: 1,
    minimum: 1,
    maximum: 100,
  },
  'openai.think': {
    type: 'string',
    description: 'Seconds between turns: 2, or a range such as 1..3',
    default: '1..3',
  },
  'openai.hangUpAfter': {
    type: 'number',
    description: 'Seconds after which users hang up; 0: never',
    default: 0,
    minimum: 0,
    maximum: 3600,
  },
  'openai.hangUpShare': {
    type: 'number',
    description: 'Share of the answers that users would hang up on',
    default: 1,
    minimum: 0,
    maximum: 1,
  },
  'openai.idleTimeout': {
    type: 'number',
    description:
      'Seconds without a further event, after the first content, after which an answer has stalled',
    default: 10,
    minimum: 0.1,
    maximum: 3600,
  },
  'openai.good': {
    type: 'string',
    description: 'When an answer is good: basis of the goodput',
    default: DEFAULT_GOOD,
  },
  'openai.transcriptionModel': {
    type: 'string',
    description: 'Model of transcriptions',
    default: 'whisper-1',
  },
  'openai.speechModel': { type: 'string', description: 'Model of speech', default: 'tts-1' },
  'openai.voice': { type: 'string', description: 'Voice of the speech', default: 'alloy' },
  'openai.speechFormat': {
    type: 'string',
    description: 'Format of the speech: pcm, wav or mp3; its length is read from it',
    default: 'pcm',
  },
  'openai.sampleRate': {
    type: 'integer',
    description: 'Samples per second of PCM, which has no header that says it',
    default: 24_000,
    minimum: 8000,
    maximum: 192_000,
  },
} as const satisfies Readonly<Record<string, SettingSchema>>;

type Name = keyof typeof OPENAI_SETTINGS;

/** The settings for `resolveSettings`: those without such a prefix. */
export function otherSettings(texts: SettingTexts): SettingTexts {
  return Object.fromEntries(
    Object.entries(texts).filter(([name]) => !PREFIXES.some((prefix) => name.startsWith(prefix))),
  );
}

/**
 * Applies defaults and checks. `openai.good` is checked by the engine.
 * @throws JarvisError `invalid_setting`, naming the setting and what was expected
 */
export function resolveOpenAiSettings(texts: SettingTexts = {}): OpenAiSettings {
  const { textOf, refuse, number, named, seconds } = settingReader(OPENAI_SETTINGS, texts);
  const length = (name: Name, expected = LENGTH_FORMS): Length | undefined => {
    if (textOf(name).trim() === '') return undefined;
    const parsed = parseLength(textOf(name));
    if (parsed === undefined) throw refuse(name, expected);
    return parsed;
  };
  const format = (['pcm', 'wav', 'mp3'] as const).find(
    (each) => each === textOf('openai.speechFormat').trim(),
  );
  if (format === undefined) throw refuse('openai.speechFormat', 'pcm, wav or mp3');
  const hangUpSeconds = number('openai.hangUpAfter');
  const byFile = textOf('openai.answerTokens').trim() === 'file';
  if (byFile && textOf('openai.prompts') === '')
    throw refuse('openai.answerTokens', `${LENGTH_FORMS}; "file" needs openai.prompts`);
  if (textOf('openai.prompts') !== '' && textOf('openai.promptTokens').trim() !== '')
    throw refuse(
      'openai.promptTokens',
      'nothing beside openai.prompts, whose prompts have lengths of their own',
    );
  return {
    model: textOf('openai.model').trim(),
    promptTokens: length('openai.promptTokens'),
    answerTokens: byFile ? 'file' : length('openai.answerTokens', `${LENGTH_FORMS}, or file`),
    turns: number('openai.turns'),
    thinkSeconds: seconds('openai.think'),
    hangUpAfterMs: hangUpSeconds === 0 ? undefined : hangUpSeconds * 1000,
    hangUpShare: number('openai.hangUpShare'),
    idleTimeoutMs: number('openai.idleTimeout') * 1000,
    good: named('openai.good'),
    transcriptionModel: named('openai.transcriptionModel'),
    speechModel: named('openai.speechModel'),
    voice: named('openai.voice'),
    speechFormat: format,
    sampleRate: number('openai.sampleRate'),
  };
}
