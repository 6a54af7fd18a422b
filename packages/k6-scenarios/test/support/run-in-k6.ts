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

/** The real k6; `undefined` where it is missing and nothing insists on it. */
export const k6 = requirePeer('k6');

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** One run of k6 and what it left. */
export interface K6RunInTest {
  readonly exit: K6Exit;
  readonly log: string;
  readonly folder: string;
  readonly samples: string;
  readonly summary: Summary | undefined;
  /** The result document, made of its files. */
  result(): Promise<RunResult>;
}

/** The part of k6's summary that tests look at. */
export interface Summary {
  readonly metrics: Readonly<
    Record<string, Readonly<Record<string, number | Readonly<Record<string, boolean>>>>>
  >;
}

/** What a test may change. */
export interface K6InTestOptions extends Partial<K6Settings> {
  readonly baseUrl: string;
  /** @default chat */
  readonly test?: string;
  /** Instead of the test's bundle. */
  readonly script?: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the run after so long. */
  readonly stopAfterMs?: number;
}

/** So many users once through the scenario: what a journey takes in think time, and no more. */
export function once(vus: number, iterations = 1): ExecutorOptions {
  return { kind: 'per-vu-iterations', vus, iterations, maxDuration: '30s' };
}

/** Runs a test of ours in the real k6, in a folder of its own. */
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
    // Tests run side by side: no port for its REST API.
    arguments: ['--address', 'localhost:0', ...(options.arguments ?? [])],
    environment: options.environment ?? { PATH: process.env['PATH'] },
    settings: settingsForK6({
      address: undefined,
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
      const reading = await readK6(createReadStream(samplesFile), {
        fileName: 'samples.json',
        scriptMetrics: OWN_METRICS,
      });
      return reading.result(summary === undefined ? {} : { summary });
    },
  };
}

/** The mock's counts of a phase: outcomes by operation. */
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

/** A document's counts by operation, outcomes that did not occur left out. */
export function outcomesOf(result: RunResult): Record<string, Record<string, number>> {
  return Object.fromEntries(
    result.operations.map(({ operation, outcomes }) => [
      operation,
      Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
    ]),
  );
}
