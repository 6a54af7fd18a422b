/**
 * The scenarios over the OpenAI-style API and over the routes of Jarvis 2026 (`isJarvis`), for both suites.
 *
 * Must hold:
 * - Both suites take every entry: `suite.ts` leaves one out by name, `openai-suite.ts` those with `isJarvis`.
 * - `needs` names every operation that `create` declares: the probe requests those, and `MODELS`.
 * - `create` has no I/O and draws nothing: every thread calls it again and must get the same scenario.
 * - `listed` calls `create` while a suite is imported, with an empty recording and no prompts: it must not throw for these.
 */
import type { Operation, SettingTexts, SuiteDefinition, SuiteScenario } from '@jarvis-load/engine';
import { pcmSpeech, WAV_SPEECH, type SpeechFormat } from '../data/audio-meter.ts';
import type { Recording } from '../data/recording.ts';
import { JarvisError } from '../error.ts';
import { command, COMMAND } from '../scenarios/command.ts';
import { telemetry, TELEMETRY } from '../scenarios/telemetry.ts';
import { voiceCommand } from '../scenarios/voice-command.ts';
import { voiceTurn } from '../scenarios/voice-turn.ts';
import { chatStream } from './chat-stream.ts';
import { DEFAULT_GOOD } from './default-good.ts';
import { embeddings } from './embeddings.ts';
import { chatOperation, EMBEDDINGS, SPEECH, TRANSCRIPTIONS } from './operations.ts';
import { MP3_SPEECH } from './mp3-speech.ts';
import type { Prompt } from './prompts.ts';
import { resolveOpenAiSettings, type OpenAiSettings } from './settings.ts';

/** What the scenarios are made from. */
export interface AssistantOptions {
  /** As the target lists them. */
  readonly models: readonly string[];
  /** Sent as bearer token. */
  readonly token: string | undefined;
  readonly settings: SettingTexts;
  readonly recordings: readonly Recording[];
  readonly prompts: readonly Prompt[];
}

/** A scenario over an API without login. */
export interface AssistantEntry {
  readonly name: 'chat-stream' | 'voice-turn' | 'embeddings' | 'command' | 'voice-command' | 'telemetry';
  /** Of Jarvis of 2026 alone: no other server has these routes. */
  readonly isJarvis?: boolean;
  readonly description: string;
  /** Needs recordings. */
  readonly hasVoice: boolean;
  /** What it requests. */
  readonly needs: readonly Operation[];
  create(options: AssistantOptions, settings: OpenAiSettings): SuiteDefinition;
}

const CHAT = chatOperation({ good: DEFAULT_GOOD });

/** All of these scenarios. */
export const ASSISTANT_SCENARIOS: readonly AssistantEntry[] = [
  {
    name: 'chat-stream',
    description: 'Chat with a language model, streamed: time to first token, gaps, tokens, goodput',
    hasVoice: false,
    needs: [CHAT],
    create: ({ models, token, prompts }, settings) => {
      const { model, note } = modelOf(settings.model, models);
      return { ...chatStream({ settings, model, prompts, token }), notOffered: note };
    },
  },
  {
    name: 'voice-turn',
    description: 'Turns by voice: speech in, streamed answer, speech out; time to the first audio',
    hasVoice: true,
    needs: [TRANSCRIPTIONS, CHAT, SPEECH],
    create: ({ models, token, recordings }, settings) => {
      const { model, note } = modelOf(settings.model, models);
      const {
        transcriptionModel: hear,
        speechModel: speak,
        voice,
        good,
        answerTokens,
        idleTimeoutMs,
      } = settings;
      const turn = voiceTurn({
        recordings,
        models: { hear, think: model, speak },
        voice,
        speech: speechOf(settings),
        good,
        idleTimeoutMs,
        ...(typeof answerTokens === 'function' ? { answerTokens } : {}),
        ...(token === undefined ? {} : { token }),
      });
      return { ...turn, notOffered: note };
    },
  },
  {
    name: 'embeddings',
    description: 'Vectors of short texts',
    hasVoice: false,
    needs: [EMBEDDINGS],
    create: ({ models, token }, settings) => {
      const { model, note } = modelOf(settings.model, models);
      return { ...embeddings({ model, token }), notOffered: note };
    },
  },
  {
    name: 'command',
    description: 'Messages to Jarvis of 2026 (/api/v2/jarvis/command), answered as a whole',
    hasVoice: false,
    needs: [COMMAND],
    isJarvis: true,
    create: ({ token }) => command({ token }),
  },
  {
    name: 'voice-command',
    description: 'Turns by voice with Jarvis of 2026: speech in, answer of the command, speech out',
    hasVoice: true,
    isJarvis: true,
    needs: [TRANSCRIPTIONS, COMMAND, SPEECH],
    create: ({ token, recordings }, settings) => {
      const { transcriptionModel: hear, speechModel: speak, voice, idleTimeoutMs } = settings;
      return voiceCommand({
        recordings,
        models: { hear, speak },
        voice,
        speech: speechOf(settings),
        idleTimeoutMs,
        ...(token === undefined ? {} : { token }),
      });
    },
  },
  {
    name: 'telemetry',
    description: 'Listeners on the telemetry socket of Jarvis of 2026: first frame, gaps between frames',
    hasVoice: false,
    isJarvis: true,
    needs: [TELEMETRY],
    create: ({ token, settings }) => telemetry({ token, settings }),
  },
];

/** The format that is asked for. */
function speechOf({ speechFormat, sampleRate }: OpenAiSettings): SpeechFormat {
  if (speechFormat === 'pcm') return pcmSpeech({ sampleRate });
  return speechFormat === 'wav' ? WAV_SPEECH : MP3_SPEECH;
}

/** What the entries request, each operation once and as a probe declares it. */
export function probedOperations(entries: readonly AssistantEntry[]): readonly Operation[] {
  const byName = new Map<string, Operation>();
  for (const { name, method, route } of entries.flatMap(({ needs }) => needs))
    byName.set(name, { name, method, route });
  return [...byName.values()];
}

/** The entry of that name; undefined: it is a scenario of another kind. */
export function assistantScenario(name: string): AssistantEntry | undefined {
  return ASSISTANT_SCENARIOS.find((entry) => entry.name === name);
}

/** In place of recordings where a scenario is created only to list it. */
const ANY_RECORDING: Recording = { said: '', audioBase64: '' };

/** The entry as listed, before a target is asked. */
export function listed(entry: AssistantEntry, byDefault: boolean): SuiteScenario {
  const { name, operations, metrics } = createAssistant(entry, {
    models: ['any'],
    token: undefined,
    settings: {},
    recordings: [ANY_RECORDING],
    prompts: [],
  });
  return {
    name,
    description: entry.description,
    byDefault,
    operations,
    ...(metrics === undefined ? {} : { metrics }),
  };
}

/** The scenario for a target. @throws JarvisError `invalid_setting`, and `invalid_option` for recordings */
export function createAssistant(entry: AssistantEntry, options: AssistantOptions): SuiteDefinition {
  return entry.create(options, resolveOpenAiSettings(options.settings));
}

/** The model to ask, and a sentence where the target does not list it. */
function modelOf(
  wanted: string,
  models: readonly string[],
): { readonly model: string; readonly note: readonly { readonly text: string }[] } {
  const [first] = models;
  if (wanted === '') {
    if (first !== undefined) return { model: first, note: [] };
    throw new JarvisError(
      'invalid_setting',
      'The target lists no models (GET /v1/models): name one with --set openai.model=<name>.',
    );
  }
  // Ollama lists `llama3:latest` and knows it as `llama3`.
  if (models.length === 0 || models.some((each) => each === wanted || each === `${wanted}:latest`))
    return { model: wanted, note: [] };
  const text = `GET /v1/models does not list the model "${wanted}"; it lists ${models.slice(0, 10).join(', ')}.`;
  return { model: wanted, note: [{ text }] };
}
