import type { FastifyInstance } from 'fastify';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse, serve } from '../server/serve.ts';
import { addChatCompletions } from './chat-completions.ts';
import { addCommand, requireJarvisToken } from './command.ts';
import { invalidRequest, openAiError, serverError } from './errors.ts';
import { enforceLimits } from './limits.ts';
import { addSpeech } from './speech.ts';
import { addTelemetry } from './telemetry.ts';
import { addTranscriptions } from './transcriptions.ts';

/** Seconds since 1970: 2026-01-01. */
const CREATED = 1_767_225_600;

/**
 * The OpenAI-style endpoints, with error answers of that API, and those of Jarvis 2026, with `{error: <text>}`.
 *
 * Must hold: registered as a plugin of its own, as hook, error handler and parsers are for these routes alone, and after
 * `trackRequests`, whose exchange `refuse` needs.
 */
export function addAssistantRoutes(
  app: FastifyInstance,
  { runtime }: { readonly runtime: Runtime },
  registered: () => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/v1/')) return done();
    const { apiKey } = runtime.config.llm;
    if (apiKey === null || request.headers.authorization === `Bearer ${apiKey}`) done();
    else {
      const message = 'Incorrect API key: send the value of the mock setting llm.apiKey as a bearer token';
      refuse(
        runtime,
        request,
        reply,
        openAiError(401, 'invalid_request_error', message, null, 'invalid_api_key'),
      );
    }
  });
  app.addHook('onRequest', requireJarvisToken(runtime));
  app.addHook('onRequest', enforceLimits(runtime));
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const { statusCode = 500, message } = error;
    const answer = !request.url.startsWith('/v1/')
      ? json({ error: message }, statusCode)
      : statusCode === 400
        ? invalidRequest(message)
        : openAiError(statusCode, statusCode < 500 ? 'invalid_request_error' : 'server_error', message);
    refuse(runtime, request, reply, answer);
  });
  addChatCompletions(app, runtime);
  addSpeech(app, runtime);
  addTranscriptions(app, runtime);
  addCommand(app, runtime);
  addTelemetry(app, runtime);
  app.get(
    '/v1/models',
    { schema: { hide: true }, config: { operation: 'openai.models', endpoint: '/v1/models' } },
    (request, reply) => {
      serve(
        runtime,
        request,
        reply,
        () => {
          const data = runtime.config.llm.models.map((id) => ({
            id,
            object: 'model',
            created: CREATED,
            owned_by: 'jarvis-mock',
          }));
          return json({ object: 'list', data });
        },
        serverError,
      );
    },
  );
  registered();
}
