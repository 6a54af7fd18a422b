/**
 * The telemetry socket of Jarvis 2026, `GET /api/v2/jarvis/ws?token=`.
 *
 * Must hold:
 * - The route is untracked and has no exchange: its requests are counted here, and `refuse` and `serve` cannot be used.
 * - All sockets send the same frames from the first on: a frame depends on the seed and its number in the socket.
 * - Frames missed by a late timer are left out. Those due in a freeze wait in its gate and come together at its end, as do the
 *   upgrade and refusals.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noStreams } from '../counters/stream-counts.ts';
import type { Timer } from '../clock.ts';
import { describeExcess, retryAfterOf } from '../limits/window-limiter.ts';
import { RandomStream } from '../random/stream.ts';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuseUntracked } from '../server/serve.ts';
import { callerOf, isJarvisToken } from './jarvis-auth.ts';

const URL = '/api/v2/jarvis/ws';
const STATUS = ['IDLE', 'LISTENING', 'THINKING', 'SPEAKING'] as const;
/** Frames that a status lasts. */
const FRAMES_PER_STATUS = 20;

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** One frame as JSON; the amplitude is 0 unless the status is SPEAKING. */
function frame(random: RandomStream, ordinal: number): string {
  const speech_status = STATUS[Math.floor(ordinal / FRAMES_PER_STATUS) % STATUS.length]!;
  const audio_amplitude = speech_status === 'SPEAKING' ? Number(random.unit(ordinal, 0).toFixed(3)) : 0;
  const widget_id = speech_status === 'IDLE' ? 'idle' : 'chat';
  const visible = speech_status !== 'IDLE';
  return JSON.stringify({
    speech_status,
    audio_amplitude,
    widget_id,
    visible,
    action: visible ? 'show' : 'hide',
  });
}

/**
 * 401 without a valid token or 429 above the limit, both before the upgrade; else frames at a fixed interval. What the client sends
 * is read and ignored. A socket counts as one stream, which the client leaves.
 */
export function addTelemetry(app: FastifyInstance, runtime: Runtime): void {
  const { clock } = runtime;
  const cellOf = ({ headers }: FastifyRequest) =>
    runtime.counters.cell(first(headers['x-load-run-id']), first(headers['x-load-phase']), 'telemetry');
  app.route<{ Querystring: { token?: string } }>({
    method: 'GET',
    url: URL,
    schema: { hide: true },
    config: { operation: 'telemetry', endpoint: URL, isUntracked: true },
    preValidation: (request, reply, done) => {
      const { token } = request.query;
      const refused = (outcome: 'unauthorized' | 'rate_limited', status: number, error: string): void =>
        refuseUntracked(runtime, reply, cellOf(request), outcome, json({ error }, status));
      if (!isJarvisToken(runtime, token)) return refused('unauthorized', 401, 'Unauthorized');
      const nowMs = clock.elapsedMs();
      const verdict = runtime.limits.check('telemetry', callerOf(runtime, request.ip, token), nowMs);
      if (verdict === undefined || verdict.allowed) return request.ws ? runtime.gate.pass(done) : done();
      reply.header('retry-after', String(retryAfterOf(verdict, nowMs)));
      refused('rate_limited', 429, describeExcess(verdict, nowMs));
    },
    handler: (request, reply) => {
      const answer = json({ error: 'This path speaks WebSocket' }, 426, { upgrade: 'websocket' });
      refuseUntracked(runtime, reply, cellOf(request), 'client_error', answer);
    },
    wsHandler: (socket, request) => {
      const cell = cellOf(request);
      const streams = (cell.streams ??= noStreams());
      const random = new RandomStream(runtime.config.seed, 'telemetry');
      const startMs = clock.elapsedMs();
      let sent = 0;
      let timer: Timer | undefined;
      cell.arrived += 1;
      streams.opened += 1;
      const tick = (): void => {
        runtime.gate.pass(() => {
          if (socket.readyState !== socket.OPEN) return;
          const text = frame(random, sent);
          sent += 1;
          streams.chunks += 1;
          streams.events += 1;
          streams.bytes += Buffer.byteLength(text);
          socket.send(text);
        });
        const { telemetryMs } = runtime.config.jarvis;
        // Counted from the frame before it, so that the lateness of timers does not add up; at once if that is over.
        dueMs = Math.max(dueMs + telemetryMs, clock.elapsedMs());
        timer = clock.at(dueMs, tick);
      };
      let dueMs = startMs;
      socket.on('message', () => undefined);
      socket.on('error', () => socket.terminate());
      socket.once('close', () => {
        timer?.cancel();
        streams.left += 1;
        cell.settle('ok');
      });
      tick();
    },
  });
}
