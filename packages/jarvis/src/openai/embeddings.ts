import type { ScenarioDefinition } from '@jarvis-load/engine';
import { FACTS, pick } from '../data/texts.ts';
import { bearer } from './ask-model.ts';
import { EMBEDDINGS } from './operations.ts';

/** Vectors of short texts, one after another. */
export function embeddings({
  model,
  token,
}: {
  readonly model: string;
  readonly token: string | undefined;
}): ScenarioDefinition {
  const headers = bearer(token);
  return {
    name: 'embeddings',
    description: 'Vectors of short texts',
    operations: [EMBEDDINGS],
    async run(user) {
      await user.request({
        operation: 'openai.embeddings',
        path: '/v1/embeddings',
        json: { model, input: pick(FACTS, () => user.random()) },
        ...(headers === undefined ? {} : { headers }),
      });
    },
    thresholds: { http_req_failed: ['rate<0.01'] },
    demand: { iterationSeconds: 0, requests: { 'openai.embeddings': 1 } },
  };
}
