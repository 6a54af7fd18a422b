import { readK6, type K6ReadOptions, type K6ResultOptions } from '../../src/ingest/index.ts';
import type { RunResult } from '@jarvis-load/engine/result';

/** Metric names of packages/k6-scenarios. */
const SCRIPT_METRICS = {
  outcomes: 'jarvis_outcomes',
  responseTime: 'response_time',
  exceptions: 'jarvis_exceptions',
  started: 'jarvis_started_iterations',
  turnTime: 'jarvis_turn_time',
};

const START = Date.parse('2026-11-22T18:00:00Z');

/** A line in k6's output format. */
export function point(
  metric: string,
  atMs: number,
  value: number,
  tags: Record<string, string> = {},
): string {
  const time = `${new Date(START + atMs).toISOString().slice(0, -1)}123456Z`;
  return `{"metric":"${metric}","type":"Point","data":{"time":"${time}","value":${value},"tags":${JSON.stringify(tags)}}}`;
}

export function declaration(
  name: string,
  type: string,
  contains = 'default',
  thresholds: string[] = [],
  selections: readonly string[] = [],
): string {
  const submetrics =
    selections.length === 0 ? null : selections.map((each) => ({ name: each, suffix: '', tags: {} }));
  const data = { name, type, contains, thresholds, submetrics };
  return JSON.stringify({ type: 'Metric', data, metric: name });
}

/** The nine samples of a request, in k6's order. */
export function request(
  endMs: number,
  durationMs: number,
  tags: Record<string, string>,
  failed = failedByStatus(tags),
): string[] {
  const parts = {
    http_reqs: 1,
    http_req_duration: durationMs,
    http_req_blocked: 2,
    http_req_connecting: 1,
    http_req_tls_handshaking: 0,
    http_req_sending: 1,
    http_req_waiting: durationMs - 1,
    http_req_receiving: 0,
    http_req_failed: failed,
  };
  return Object.entries(parts).map(([name, value]) => point(name, endMs, value, tags));
}

export async function ingest(
  lines: readonly string[],
  options: K6ReadOptions & K6ResultOptions = {},
  chunkBytes = 1000,
): Promise<RunResult> {
  return ingestFiles([lines], options, chunkBytes);
}

/** The document of the files of several runners. */
export async function ingestFiles(
  files: readonly (readonly string[])[],
  options: K6ReadOptions & K6ResultOptions = {},
  chunkBytes = 1000,
): Promise<RunResult> {
  const reading = await readK6(
    files.map((lines, index) => ({
      fileName: files.length === 1 ? 'k6.json' : `k6-${index + 1}.json`,
      chunks: chunksOf(lines, chunkBytes),
    })),
    { scriptMetrics: SCRIPT_METRICS, ...options },
  );
  return reading.result(options);
}

async function* chunksOf(lines: readonly string[], chunkBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  }
}

function failedByStatus({ status = '' }: Record<string, string>): 0 | 1 {
  return Number(status) === 0 || Number(status) >= 400 ? 1 : 0;
}
