import type { LoadResponse, Operation, ScenarioDefinition, VirtualUser } from '@jarvis-load/engine';
import { CHAT_MESSAGES, pick } from '../data/texts.ts';
import { isRecord } from '../dialects/rules.ts';
import type { ChatAnswer } from '../openai/ask-model.ts';

/** Accepted by Jarvis of 2026 in place of a signed token. */
export const DEV_KEY = 'dev-key';

/** Status of an answer whose language model has failed: Jarvis answers 200 all the same. */
const FAILED = 'CRITICAL';

/** A message to Jarvis of 2026. */
export const COMMAND: Operation = {
  name: 'command',
  method: 'POST',
  route: '/api/v2/jarvis/command',
  accepts: (response) =>
    typeof field(response, 'response') === 'string' ? undefined : 'the body has no response as text',
  inBandError: (response) =>
    field(response, 'speech_status') === FAILED
      ? `speech_status ${FAILED}: ${String(field(response, 'response'))}`
      : undefined,
};

function field(response: LoadResponse, name: string): unknown {
  const body = response.json();
  return isRecord(body) ? body[name] : undefined;
}

/** Sends a message. The scenario must declare `COMMAND`. @param token undefined: the developers' key */
export async function askCommand(user: VirtualUser, message: string, token = DEV_KEY): Promise<ChatAnswer> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await user.request({
    operation: COMMAND.name,
    path: COMMAND.route,
    json: { message },
    headers,
  });
  const text = response.outcome === 'ok' ? field(response, 'response') : undefined;
  return { text: typeof text === 'string' ? text : '', response };
}

/**
 * One message after another, each answered as a whole.
 * @param token a signed one; undefined: the developers' key
 */
export function command({ token }: { readonly token: string | undefined }): ScenarioDefinition {
  return {
    name: 'command',
    description: 'Messages to Jarvis of 2026, answered as a whole',
    operations: [COMMAND],
    async run(user) {
      await askCommand(
        user,
        pick(CHAT_MESSAGES, () => user.random()),
        token,
      );
    },
    thresholds: { http_req_failed: ['rate<0.01'] },
    demand: { iterationSeconds: 0, requests: { command: 1 } },
  };
}
