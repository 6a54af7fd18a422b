import type { FastifyInstance } from 'fastify';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { addOperation } from './route.ts';

const DEFAULT_HITS = 10;

/** Routes that store and search memories. */
export function addMemoryRoutes(app: FastifyInstance, runtime: Runtime): void {
  type Store = { conversation_id: string; user_message: string; bot_response: string };
  addOperation<Store>(app, runtime, 'memory.store', ({ body, exchange }) => {
    runtime.memories.add({
      owner: exchange.claims!.username,
      conversationId: body.conversation_id,
      userMessage: body.user_message,
      botResponse: body.bot_response,
      timestamp: runtime.timestamp(),
    });
    return json({ success: true, indexed: true });
  });

  addOperation<undefined, { q: string; limit?: number }>(
    app,
    runtime,
    'memory.search',
    ({ query, exchange }) => {
      const found = runtime.memories.search(exchange.claims!.username, query.q, query.limit ?? DEFAULT_HITS);
      const results = found.hits.map(({ memory, score }) => ({
        conversation_id: memory.conversationId,
        user_message: memory.userMessage,
        bot_response: memory.botResponse,
        timestamp: memory.timestamp,
        score,
      }));
      const queryTimeMs = exchange.serverMs(runtime.clock.elapsedMs());
      return json({ results, total: found.total, query_time_ms: queryTimeMs });
    },
  );
}
