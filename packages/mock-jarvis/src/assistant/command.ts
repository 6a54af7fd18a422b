import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { Type } from '@jarvis-load/engine/typebox';
import { Compile } from '@jarvis-load/engine/typebox/compile';
import { AnswerPlan } from '../llm/answer-plan.ts';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse, serve } from '../server/serve.ts';
import { isJarvisToken } from './jarvis-auth.ts';

const URL = '/api/v2/jarvis/command';
const validator = Compile(Type.Object({ message: Type.String({ minLength: 1, maxLength: 10_000 }) }));

/** Jarvis answers 200 when its language model fails; only these fields tell. */
const CRITICAL = {
  response: 'The language model is not available',
  speech_status: 'CRITICAL',
  widget_id: 'error',
  visible: true,
  action: 'show',
};

/** Requires a token for the command, before the limit is counted and the body is read. */
export function requireJarvisToken(runtime: Runtime): onRequestHookHandler {
  return (request, reply, done) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    if (request.routeOptions.config.operation !== 'command' || isJarvisToken(runtime, token)) done();
    else refuse(runtime, request, reply, json({ error: 'Unauthorized' }, 401));
  };
}

/** `POST /api/v2/jarvis/command` of Jarvis 2026: one message, one answer, not streamed. Comes after `requireJarvisToken`. */
export function addCommand(app: FastifyInstance, runtime: Runtime): void {
  const config = { operation: 'command', endpoint: URL } as const;
  app.post(URL, { schema: { hide: true }, config }, (request, reply) => {
    if (!validator.Check(request.body)) {
      refuse(runtime, request, reply, json({ error: 'message: expected a text' }, 400));
      return;
    }
    const answer = () => {
      const plan = new AnswerPlan(runtime.config, runtime.nextCommand(), undefined);
      const response = plan.text(0, plan.tokens).trim();
      return json({ response, speech_status: 'SPEAKING', widget_id: 'chat', visible: true, action: 'show' });
    };
    const { status } = runtime.config.faults.server_error;
    const serverError = () => json({ error: 'Internal server error' }, status);
    serve(runtime, request, reply, answer, serverError, () => json(CRITICAL));
  });
}
