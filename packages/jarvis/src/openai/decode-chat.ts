import type { StreamEvent, StreamPart } from '@jarvis-load/engine';

/** What is read of an event of a chat completion; servers differ in the rest. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      /** DeepSeek, vLLM; `reasoning` in Ollama and OpenRouter. */
      readonly reasoning_content?: string | null;
      readonly reasoning?: string | null;
      readonly tool_calls?: readonly unknown[] | null;
    } | null;
  }[];
  readonly usage?: { readonly completion_tokens?: number; readonly prompt_tokens?: number } | null;
  readonly error?: { readonly message?: string } | string | null;
}

/**
 * The meaning of a server-sent event of `POST /v1/chat/completions`. A role alone is no content; reasoning, content and
 * token counts may share an event. Throws for data that is not JSON, which ends the stream as `invalid_body`.
 */
export function decodeChat({ data }: StreamEvent): readonly StreamPart[] {
  if (data === '[DONE]') return [{ kind: 'done' }];
  const { choices, usage, error } = JSON.parse(data) as Chunk;
  if (error !== undefined && error !== null)
    return [{ kind: 'error', message: typeof error === 'string' ? error : (error.message ?? 'no message') }];
  const parts: StreamPart[] = [];
  const delta = choices?.[0]?.delta;
  const reasoning = delta?.reasoning_content ?? delta?.reasoning;
  if (reasoning) parts.push({ kind: 'reasoning', text: reasoning });
  if (delta?.content) parts.push({ kind: 'token', text: delta.content });
  if (delta?.tool_calls && delta.tool_calls.length > 0)
    parts.push({ kind: 'tool', text: JSON.stringify(delta.tool_calls) });
  if (usage?.completion_tokens !== undefined) {
    const { completion_tokens: outputTokens, prompt_tokens: inputTokens } = usage;
    parts.push({ kind: 'usage', outputTokens, ...(inputTokens === undefined ? {} : { inputTokens }) });
  }
  return parts;
}
