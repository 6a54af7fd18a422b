import type { LoadResponse, Outcome } from '@jarvis-load/engine';
import { outcomeOfStatus } from '@jarvis-load/engine';

interface FakeResponse {
  readonly operation?: string;
  readonly status?: number;
  readonly outcome?: Outcome;
  readonly error?: { readonly code: string; readonly message: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly text?: string;
  readonly serviceTimeMs?: number;
}

/** A response as the engine passes it to a scenario, built from its parts. */
export function fakeResponse(parts: FakeResponse = {}): LoadResponse {
  const status = parts.status ?? 200;
  const body = parts.json === undefined ? (parts.text ?? '') : JSON.stringify(parts.json);
  const serviceTimeMs = parts.serviceTimeMs ?? 5;
  return {
    operation: parts.operation ?? 'test',
    status,
    outcome: parts.outcome ?? outcomeOfStatus(status),
    error: parts.error,
    headers: {
      ...(body === ''
        ? {}
        : { 'content-type': parts.json === undefined ? 'text/plain' : 'application/json' }),
      ...parts.headers,
    },
    timings: {
      responseTimeMs: serviceTimeMs,
      serviceTimeMs,
      queueWaitMs: 0,
      connectMs: 0,
      tlsMs: 0,
      sendingMs: 0,
      waitingMs: serviceTimeMs,
      receivingMs: 0,
    },
    json: () => {
      try {
        return JSON.parse(body) as unknown;
      } catch {
        return undefined;
      }
    },
    text: () => body,
    bytes: () => new TextEncoder().encode(body),
  };
}
