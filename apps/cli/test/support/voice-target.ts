import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readWavHeader } from '@jarvis-load/jarvis';
import { startMock } from '@jarvis-load/mock-jarvis';
import { openAiVoice, type SpokenAnswer } from './openai-voice.ts';
import { SpeechRecogniser } from './speech-recogniser.ts';

/** Programs for speech synthesis and recognition. */
export interface VoiceParts {
  /** Path of espeak-ng. */
  readonly speaks: string;
  /** Path of a program in the Python environment with PocketSphinx. */
  readonly hears: string;
}

/**
 * A target with real speech: espeak-ng synthesizes, PocketSphinx recognises English, under the contract of Jarvis and the
 * OpenAI-style API; the mock answers everything else.
 */
export interface VoiceTarget {
  readonly url: string;
  /** The recognised texts so far, in order. */
  readonly heard: readonly string[];
  /** What `/v1/audio/speech` has answered so far, in order of completion. */
  readonly spoken: readonly SpokenAnswer[];
  close(): Promise<void>;
}

const run = promisify(execFile);

/** Starts the target on a free loopback port, with the documented contract. */
export async function startVoiceTarget({ speaks, hears }: VoiceParts): Promise<VoiceTarget> {
  const mock = await startMock({ preset: 'fast' });
  const folder = mkdtempSync(join(tmpdir(), 'voice-target-'));
  const recogniser = new SpeechRecogniser(hears);
  const spoken: SpokenAnswer[] = [];
  let files = 0;

  const synthesize = async ({ text, language = 'en' }: Record<string, string>): Promise<unknown> => {
    const file = join(folder, `${files++}.wav`);
    const speaking = run(speaks, ['-v', language, '-s', '140', '--stdin', '-w', file]);
    speaking.child.stdin!.end(text);
    await speaking;
    const wav = readFileSync(file);
    const { durationMs, sampleRate } = readWavHeader(wav)!;
    return {
      audio_data: wav.toString('base64'),
      format: 'wav',
      duration_ms: Math.round(durationMs),
      sample_rate: sampleRate,
    };
  };
  const transcribe = async ({ audio_data = '' }: Record<string, string>): Promise<unknown> => {
    return { ...(await recogniser.hear(audio_data)), language: 'en' };
  };
  const handlers: Record<string, (body: Record<string, string>) => Promise<unknown>> = {
    'POST /api/voice/synthesize': synthesize,
    'POST /api/voice/transcribe': transcribe,
  };

  const voice = openAiVoice(speaks, recogniser, spoken);

  const server = createServer((request, response) => {
    const handler = handlers[`${request.method} ${request.url}`];
    const route = voice[`${request.method} ${request.url}`];
    if (route !== undefined) void bodyOf(request).then((body) => route(request, body, response));
    else if (handler === undefined) pass(request, response, mock.port);
    else void answer(request, response, handler);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: recogniser.heard,
    spoken,
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all([recogniser.close(), mock.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handler: (body: Record<string, string>) => Promise<unknown>,
): Promise<void> {
  let status = 200;
  let body: unknown;
  try {
    body = await handler(JSON.parse((await bodyOf(request)).toString()) as Record<string, string>);
  } catch (error) {
    status = 400;
    body = { error: 'Validation failed', message: (error as Error).message, code: 'VALIDATION_ERROR' };
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = request;
  const onward = forward({ host: '127.0.0.1', port, method, path: url, headers }, (found) => {
    response.writeHead(found.statusCode!, found.headers);
    found.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
