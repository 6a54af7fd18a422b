import { namedReasonOf } from '@jarvis-load/engine/show';
import { LiveError, type LiveMock, type MockChange, type MockView } from '@jarvis-load/live';
import type { MockConfig } from '@jarvis-load/mock-jarvis';

const TIMEOUT_MS = 5000;

function viewOf(config: MockConfig): MockView {
  const turn = config.latency['chat.send'] ?? config.latency.default;
  const isLognormal = turn.kind === 'lognormal';
  return {
    preset: config.preset,
    turnP50Ms: isLognormal ? turn.p50Ms : null,
    turnP95Ms: isLognormal ? turn.p95Ms : null,
    capacity: config.capacity.all,
    rateLimits: config.rateLimits.enabled,
    errorShare: config.faults.server_error.probability,
  };
}

/** The change in the mock's own syntax. The median moves with the 95th percentile: its shape stays. */
function settingsOf(change: MockChange, now: MockView): string[] {
  const { turnP95Ms, capacity, rateLimits, errorShare } = change;
  const ratio = now.turnP50Ms === null || now.turnP95Ms === null ? 0.6 : now.turnP50Ms / now.turnP95Ms;
  return [
    ...(turnP95Ms === undefined
      ? []
      : [`latency.chat.send.p50=${turnP95Ms * ratio}ms`, `latency.chat.send.p95=${turnP95Ms}ms`]),
    ...(capacity === undefined ? [] : [`capacity=${capacity ?? 'none'}`]),
    ...(rateLimits === undefined ? [] : [`rateLimits.enabled=${rateLimits}`]),
    ...(errorShare === undefined ? [] : [`faults.server_error=${errorShare}`]),
  ];
}

/**
 * Changes a running mock through its admin paths: freeze, then preset, then single settings. The first one that the mock
 * refuses is an error; what came before it stays changed.
 *
 * @throws LiveError 400 if the mock refuses, 502 if it does not answer with JSON
 */
export function mockControl(baseUrl: string): LiveMock {
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/__mock/${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((cause: unknown) => {
      throw new LiveError(502, 'mock', `the mock does not answer (${namedReasonOf(cause)})`);
    });
    const answer = (await response.json().catch((cause: unknown) => {
      throw new LiveError(
        502,
        'mock',
        `the mock answers with something else than JSON (${namedReasonOf(cause)})`,
      );
    })) as { readonly message?: string };
    if (!response.ok) throw new LiveError(400, 'mock', answer.message ?? 'the mock refused the change');
    return answer;
  };
  const read = async (): Promise<MockView> => viewOf((await send('GET', 'config')) as MockConfig);
  return {
    read,
    async change(change) {
      if (change.freezeMs !== undefined) await send('POST', 'freeze', { durationMs: change.freezeMs });
      // A preset sets everything but dialect, seed and accounts: before the single settings.
      if (change.preset !== undefined) await send('PUT', 'config', { preset: change.preset });
      const settings = settingsOf(change, await read());
      if (settings.length > 0) await send('PUT', 'config', { settings });
      return read();
    },
  };
}
