import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { SpeechRecogniser } from './speech-recogniser.ts';

/** Samples per second of espeak-ng's voices: 16 bit, mono. */
export const SAMPLE_RATE = 22_050;
const HEADER_BYTES = 44;

/** What the target knows of an answer of `/v1/audio/speech`. */
export interface SpokenAnswer {
  /** Samples that were sent. */
  readonly bytes: number;
  /** From the request's last byte to the first sample, and to the last. */
  readonly firstMs: number;
  readonly allMs: number;
}

type Route = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>;

/** `/v1/audio/speech` and `/v1/audio/transcriptions`, spoken by espeak-ng and heard by PocketSphinx. */
export function openAiVoice(
  speaks: string,
  recogniser: SpeechRecogniser,
  spoken: SpokenAnswer[],
): Readonly<Record<string, Route>> {
  return {
    'POST /v1/audio/speech': async (_request, body, response) => {
      const startMs = performance.now();
      const { input = '', response_format: format } = JSON.parse(body.toString()) as Record<string, string>;
      if (input === '' || format !== 'pcm')
        return refuse(response, 'expected input, and response_format pcm');
      const speaking = spawn(speaks, ['-v', 'en', '-s', '140', '--stdin', '--stdout'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      speaking.stdin.end(input);
      response.writeHead(200, { 'content-type': 'audio/pcm' });
      let left = HEADER_BYTES;
      let bytes = 0;
      let firstMs = Number.NaN;
      for await (const chunk of speaking.stdout as AsyncIterable<Buffer>) {
        const samples = chunk.subarray(Math.min(left, chunk.length));
        left -= chunk.length - samples.length;
        if (samples.length === 0) continue;
        if (bytes === 0) firstMs = performance.now() - startMs;
        bytes += samples.length;
        if (!response.write(samples)) await once(response, 'drain');
      }
      response.end();
      spoken.push({ bytes, firstMs, allMs: performance.now() - startMs });
    },
    'POST /v1/audio/transcriptions': async (request, body, response) => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const form = await new Response(body, { headers }).formData().catch(() => undefined);
      const file = form?.get('file');
      if (!(file instanceof Blob)) return refuse(response, 'expected a multipart form with a file');
      const { text } = await recogniser.hear(Buffer.from(await file.arrayBuffer()).toString('base64'));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
    },
  };
}

async function refuse(response: ServerResponse, message: string): Promise<void> {
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
}
