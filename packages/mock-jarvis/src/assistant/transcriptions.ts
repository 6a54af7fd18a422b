import { Busboy } from '@fastify/busboy';
import type { FastifyInstance } from 'fastify';
import { readWavBytes } from '../audio/read-wav.ts';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse, serve } from '../server/serve.ts';
import { invalidRequest, serverError } from './errors.ts';

const FORMATS = ['json', 'text', 'verbose_json'];

interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Buffer | undefined;
}

/** Reads a multipart form: its fields, and its first file if the field is named `file`. Rejects for a body that is no such form. */
function readForm(body: Buffer, contentType: string): Promise<Form> {
  return new Promise((resolve, reject) => {
    const parser = new Busboy({ headers: { 'content-type': contentType }, limits: { files: 1, fields: 50 } });
    const fields = new Map<string, string>();
    let file: Buffer | undefined;
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('file', (name, stream) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        if (name === 'file') file = Buffer.concat(pieces);
      });
    });
    parser.once('error', reject);
    parser.once('finish', () => resolve({ fields, file }));
    parser.end(body);
  });
}

/** `POST /v1/audio/transcriptions`: a WAV in a multipart form. */
export function addTranscriptions(app: FastifyInstance, runtime: Runtime): void {
  const url = '/v1/audio/transcriptions';
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.post(
    url,
    { schema: { hide: true }, config: { operation: 'openai.transcriptions', endpoint: url } },
    async (request, reply) => {
      const { body } = request;
      const refuseWith = (message: string, param: string | null = null): unknown => {
        refuse(runtime, request, reply, invalidRequest(message, param));
        return reply;
      };
      if (!Buffer.isBuffer(body)) return refuseWith('Expected multipart/form-data');
      let form: Form;
      try {
        form = await readForm(body, request.headers['content-type'] ?? '');
      } catch (error) {
        return refuseWith(`multipart/form-data: ${(error as Error).message}`);
      }
      const { fields, file } = form;
      if (file === undefined) return refuseWith('file: is missing', 'file');
      if (!fields.has('model')) return refuseWith('model: is missing', 'model');
      const format = fields.get('response_format') ?? 'json';
      if (!FORMATS.includes(format))
        return refuseWith(`response_format: one of ${FORMATS.join(', ')}`, 'response_format');
      const sound = readWavBytes(file);
      if (typeof sound === 'string') return refuseWith(`file: ${sound}`, 'file');
      const answer = () => {
        const { text } = runtime.hear(sound);
        if (format === 'text') return { status: 200, type: 'text/plain; charset=utf-8', body: `${text}\n` };
        if (format === 'json') return json({ text });
        const language = fields.get('language') ?? 'fr';
        const duration = sound.durationMs / 1000;
        return json({ task: 'transcribe', language, duration, text, segments: [] });
      };
      serve(runtime, request, reply, answer, serverError);
      return reply;
    },
  );
}
