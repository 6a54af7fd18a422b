import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ExecutorOptions } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import type { CountersSnapshot } from '@jarvis-load/mock-jarvis';
import { readK6 } from '@jarvis-load/reporter/ingest';
import { requirePeer } from '../../../../tools/peers.ts';
import {
  bundleOf,
  k6TestByName,
  OWN_METRICS,
  runK6,
  settingsForK6,
  takeSummary,
  type K6Exit,
  type K6Settings,
} from '../../src/index.ts';

/** Path of k6; `undefined` when it is missing and not required. */
export const k6 = requirePeer('k6');

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** One run of k6 and its output. */
export interface K6RunInTest {
  readonly exit: K6Exit;
  readonly log: string;
  readonly folder: string;
  readonly samples: string;
  readonly summary: Summary | undefined;
  /** The result document made from its output files. */
  result(): Promise<RunResult>;
}

/** The part of k6's summary that tests read. */
export interface Summary {
  readonly metrics: Readonly<
    Record<string, Readonly<Record<string, number | Readonly<Record<string, boolean>>>>>
  >;
}

/** What a test may configure. */
export interface K6InTestOptions extends Partial<K6Settings> {
  readonly baseUrl: string;
  /** @default chat */
  readonly test?: string;
  /** Script to run in place of the test's bundle. */
  readonly script?: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Stops the run after this time. */
  readonly stopAfterMs?: number;
}

/** `vus` users with `iterations` each, so that a journey takes no longer than its think time. */
export function once(vus: number, iterations = 1): ExecutorOptions {
  return { kind: 'per-vu-iterations', vus, iterations, maxDuration: '30s' };
}

/** Runs one of the tests in the real k6, in a folder of its own. */
export async function runInK6(options: K6InTestOptions): Promise<K6RunInTest> {
  const folder = mkdtempSync(join(tmpdir(), 'k6-scenarios-'));
  folders.push(folder);
  const samplesFile = join(folder, 'samples.json');
  const summaryFile = join(folder, 'summary.json');
  const log: string[] = [];
  const running = await runK6({
    k6: k6!,
    script: options.script ?? bundleOf(k6TestByName(options.test ?? 'chat')),
    samplesFile,
    summaryFile,
    // A free port for the REST API, because tests run in parallel.
    arguments: ['--address', 'localhost:0', ...(options.arguments ?? [])],
    environment: options.environment ?? { PATH: process.env['PATH'] },
    settings: settingsForK6({
      pins: [],
      certificate: undefined,
      credentials: { accounts: [{ username: 'admin', password: 'admin123' }] },
      identity: 'shared',
      executor: once(1),
      seed: 1,
      runId: 'k6-test',
      settings: {},
      headers: {},
      userAgent: 'jarvis-load-test',
      requestTimeoutMs: undefined,
      ...options,
    }),
    cwd: folder,
    display: 'ignore',
    onLog: (line) => log.push(line),
  });
  const timer =
    options.stopAfterMs === undefined ? undefined : setTimeout(() => running.stop(), options.stopAfterMs);
  const exit = await running.exited;
  clearTimeout(timer);
  const summary = takeSummary(summaryFile) as Summary | undefined;
  return {
    exit,
    log: log.join('\n'),
    folder,
    get samples() {
      return readFileSync(samplesFile, 'utf8');
    },
    summary,
    async result() {
      const reading = await readK6([{ fileName: 'samples.json', chunks: createReadStream(samplesFile) }], {
        scriptMetrics: OWN_METRICS,
      });
      return reading.result(summary === undefined ? {} : { summary });
    },
  };
}

/** The mock's counts of a phase by operation and outcome. */
export function countsOf(
  { rows }: CountersSnapshot,
  phase: string,
  runId = 'k6-test',
): Record<string, Record<string, number>> {
  return Object.fromEntries(
    rows
      .filter((row) => row.phase === phase && row.runId === runId)
      .map((row) => [row.operation, { ...row.outcomes }]),
  );
}

/** A document's counts by operation and outcome, without zeros. */
export function outcomesOf(result: RunResult): Record<string, Record<string, number>> {
  return Object.fromEntries(
    result.operations.map(({ operation, outcomes }) => [
      operation,
      Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
    ]),
  );
}
