import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { readK6, type K6ResultOptions } from '@jarvis-load/reporter/ingest';
import { runK6 } from '../../src/index.ts';
import { k6 } from './run-in-k6.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Output of a script that is not from this package. */
export interface ScriptRun {
  readonly exitCode: number;
  readonly log: string;
  /** `undefined` when k6 wrote none. */
  readonly summary: unknown;
  result(options?: K6ResultOptions): Promise<RunResult>;
}

/** Runs any script in the real k6. @param stopAfterMs sends SIGINT after this time */
export async function runScript(
  source: string,
  {
    arguments: args = [],
    stopAfterMs,
  }: { readonly arguments?: readonly string[]; readonly stopAfterMs?: number } = {},
): Promise<ScriptRun> {
  const folder = mkdtempSync(join(tmpdir(), 'k6-script-'));
  folders.push(folder);
  const script = join(folder, 'script.js');
  const samplesFile = join(folder, 'out.json');
  const summaryFile = join(folder, 'out-summary.json');
  writeFileSync(script, source);
  const log: string[] = [];
  const running = await runK6({
    k6: k6!,
    script,
    samplesFile,
    summaryFile,
    arguments: ['--address', 'localhost:0', ...args],
    environment: { PATH: process.env['PATH'] },
    settings: {},
    cwd: folder,
    display: 'ignore',
    onLog: (line) => log.push(line),
  });
  const timer = stopAfterMs === undefined ? undefined : setTimeout(() => running.stop(), stopAfterMs);
  const { exitCode } = await running.exited;
  clearTimeout(timer);
  return {
    exitCode,
    log: log.join('\n'),
    summary: readJson(summaryFile),
    async result(options) {
      return (await readK6([{ fileName: 'out.json', chunks: createReadStream(samplesFile) }])).result(
        options,
      );
    },
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
