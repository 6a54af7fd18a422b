import { encodeWav } from '@jarvis-load/jarvis';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from '@jarvis-load/engine/typebox';
import { Compile } from '@jarvis-load/engine/typebox/compile';
import { Mp3Encoder } from '../audio/mp3-encoder.ts';
import { STREAM_RATE } from '../audio/symbols.ts';
import { synthesizePcm } from '../audio/synthesize.ts';
import { faultySteps, REPLACES_STREAM } from '../llm/faulty-steps.ts';
import { Generation } from '../llm/generation.ts';
import { json } from '../server/answer.ts';
import { BodyStream } from '../server/body-stream.ts';
import { sendFaulty } from '../server/deliver.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { IN_BAND_ERROR, invalidRequest, serverError } from './errors.ts';

const BYTES_PER_MS = (STREAM_RATE * 2) / 1000;
const WAV_HEADER_BYTES = 44;
const MAX_INPUT = 4096;
const TYPES = { wav: 'audio/wav', pcm: 'audio/pcm', mp3: 'audio/mpeg' } as const;

/** The fields that the mock reads; `voice` and `speed` have no effect. */
const SpeechRequest = Type.Object({
  model: Type.String({ minLength: 1 }),
  input: Type.String({ minLength: 1, maxLength: MAX_INPUT }),
  response_format: Type.Optional(Type.String()),
});
const validator = Compile(SpeechRequest);

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.from(encodeWav(new Int16Array(0), STREAM_RATE));
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/**
 * Answers one valid request; a refused one draws no plan. The generation ends with its last step, its fault, or the close of the
 * connection, without which it would keep its slot.
 */
function speak(
  runtime: Runtime,
  request: FastifyRequest,
  reply: FastifyReply,
  { input }: Static<typeof SpeechRequest>,
  format: keyof typeof TYPES,
): void {
  const { exchange } = request;
  const { config, clock } = runtime;
  const { serviceMs, fault } = runtime.plan('openai.speech', exchange.phase);
  if (fault === 'hang') exchange.decide('hang');
  const pcm = synthesizePcm(input);
  // Under a fault at least two chunks: faults in the middle leave out the second.
  const mostMs = fault === undefined ? Infinity : pcm.length / BYTES_PER_MS / 2;
  const chunkBytes = Math.max(
    2,
    Math.round((Math.min(config.speech.chunkMs, mostMs) * BYTES_PER_MS) / 2) * 2,
  );
  const body = new BodyStream(runtime, exchange, reply);
  const encoder = format === 'mp3' ? new Mp3Encoder() : undefined;
  const open = (): void => {
    if (body.isOpen) return;
    body.open(TYPES[format]);
    if (format === 'wav') body.write(() => wavHeader(pcm.length));
  };
  // Audio has no place for an error inside: these faults act at the first byte, in place of the stream.
  const isReplaced = REPLACES_STREAM.has(fault) || fault === 'in_band_error';
  const steps = isReplaced
    ? {
        count: 0,
        gapMs: () => 0,
        step: () => undefined,
        end: () =>
          runtime.gate.pass(() => {
            if (exchange.isOver || fault === undefined) return;
            const make = () => serverError(runtime);
            sendFaulty(runtime, exchange, reply, fault, make, () => json(IN_BAND_ERROR));
          }),
      }
    : faultySteps(
        config.faults,
        fault,
        {
          count: Math.ceil(pcm.length / chunkBytes),
          gapMs: () => config.speech.chunkMs * config.speech.realTimeFactor,
          step: (index) => {
            open();
            const samples = pcm.subarray(index * chunkBytes, (index + 1) * chunkBytes);
            const piece = encoder?.encode(samples) ?? samples;
            if (piece.length > 0) body.write(() => piece, 0);
          },
          end: () => {
            open();
            if (encoder !== undefined && fault !== 'empty') body.write(() => encoder.end(), 0);
            body.end(fault === 'empty' ? 'empty' : undefined);
          },
        },
        () => {
          generation.stop();
          open();
          if (fault === 'truncated') body.breakOff(fault);
          else body.end('cut');
        },
      );
  const generation = new Generation(runtime, 'openai.speech', serviceMs, steps);
  reply.raw.once('close', () => generation.stop());
  const start = (): void => {
    if (exchange.isOver) return;
    if (!isReplaced && config.speech.head === 'at-once') open();
    generation.start();
  };
  if (fault === 'slow_first_byte') {
    clock.at(clock.elapsedMs() + config.faults.slow_first_byte.delayMs, start);
  } else start();
}

/** `POST /v1/audio/speech`: WAV, PCM or MP3, chunk by chunk. */
export function addSpeech(app: FastifyInstance, runtime: Runtime): void {
  const url = '/v1/audio/speech';
  app.post(
    url,
    { schema: { hide: true }, config: { operation: 'openai.speech', endpoint: url } },
    (request, reply) => {
      const { body } = request;
      if (!validator.Check(body)) {
        const [first] = validator.Errors(body);
        const path = first?.instancePath.slice(1) ?? '';
        const message = `${path === '' ? 'body' : path}: ${first?.message ?? 'is not valid'}`;
        refuse(runtime, request, reply, invalidRequest(message, path === '' ? null : path));
        return;
      }
      const format = body.response_format ?? 'wav';
      if (format === 'wav' || format === 'pcm' || format === 'mp3')
        speak(runtime, request, reply, body, format);
      else {
        const message = `response_format: this mock speaks wav, pcm and mp3, not ${format.slice(0, 20)}`;
        refuse(runtime, request, reply, invalidRequest(message, 'response_format'));
      }
    },
  );
}
