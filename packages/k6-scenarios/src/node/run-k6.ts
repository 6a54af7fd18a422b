/**
 * Starts k6 and follows it to its end.
 *
 * Must hold:
 * - The caller ends k6 on every path, also where this process ends early (`guardChild`): it would go on with its load.
 * - `exited` never rejects, and resolves when the whole log has been read, which may say why the test was aborted.
 * - `onLog` and the text of `abort` are untrusted and may hold secrets: the caller cleans and redacts them.
 * - k6 gets no more of the environment than `cleanEnvironment` leaves, and secrets by variables, never by arguments.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AbortReason } from '../k6/abort-reason.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { abortIn, abortInFile, lengthOf } from './find-abort.ts';
import { K6Error } from './k6-error.ts';

/** Options of {@link runK6}. */
export interface K6RunOptions {
  /** The program. */
  readonly k6: string;
  /** The script. */
  readonly script: string;
  /** Path for `--out json`; its folder must exist, otherwise k6 does not start. */
  readonly samplesFile: string;
  /** Path for `--summary-export`; its folder must exist, otherwise k6 loses the summary without an error. */
  readonly summaryFile: string;
  /** Further arguments of k6, after those of this function. */
  readonly arguments: readonly string[];
  /** The environment before cleaning. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Variables for the script, added after cleaning. */
  readonly settings: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** File descriptor for k6's progress and summary; passed as a number, so that k6 detects a terminal. */
  readonly display: number | 'ignore';
  /** Called once before k6 starts, with the names of removed environment variables, if any. */
  readonly onRemoved?: (names: readonly string[]) => void;
  /** A line of k6's log. */
  readonly onLog: (line: string) => void;
  /** The file that k6 logs to by its arguments, in place of its standard error: read for an abort when k6 has ended. */
  readonly logFile?: string | undefined;
}

/** How k6 ended. */
export interface K6Exit {
  /** 128 + signal number if a signal ended it. */
  readonly exitCode: number;
  /** Set when a script of this package aborted the test. */
  readonly abort: AbortReason | undefined;
}

/** A running k6 process. */
export interface RunningK6 {
  readonly pid: number;
  readonly exited: Promise<K6Exit>;
  /**
   * Asks k6 to end (SIGINT): it interrupts its users, runs teardown and writes its summary. A second call ends it
   * immediately.
   */
  stop(): void;
  kill(): void;
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * An empty config file: the user's own may set other hosts, load or options. Resolves to the same path from `src/node`
 * and from `dist/node`.
 */
const CONFIG_FILE = fileURLToPath(new URL('../../k6-config.json', import.meta.url));

/**
 * Starts k6 without usage report, REST API (unless requested), the user's config file and proxies. It gets its own
 * process group, so that Ctrl-C in a terminal reaches it only through `stop`.
 * @throws K6Error `k6_not_started`
 */
export async function runK6(options: K6RunOptions): Promise<RunningK6> {
  const { variables, outputs, removed } = cleanEnvironment(options.environment, options.settings);
  if (removed.length > 0) options.onRemoved?.(removed);
  const { logFile } = options;
  const logFrom = logFile === undefined ? 0 : lengthOf(logFile);
  const child = spawn(
    options.k6,
    [
      'run',
      '--no-usage-report',
      '--config',
      CONFIG_FILE,
      '--address=',
      '--out',
      `json=${options.samplesFile}`,
      '--summary-export',
      options.summaryFile,
      ...outputs.map((output) => `--out=${output}`),
      ...options.arguments,
      '--',
      options.script,
    ],
    {
      cwd: options.cwd,
      env: variables,
      stdio: ['ignore', options.display, 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const pid = await started(child, options.k6);
  let abort: AbortReason | undefined;
  const log = createInterface({ input: child.stderr! });
  log.on('line', (line) => {
    const found = abortIn(line);
    if (found === undefined) options.onLog(line);
    else abort = found;
  });
  const logEnded = new Promise<void>((resolve) => void log.once('close', resolve));
  const exited = new Promise<K6Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      void logEnded.then(async () => {
        if (logFile !== undefined) abort ??= await abortInFile(logFile, logFrom);
        resolve({ exitCode: code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0), abort });
      });
    });
  });
  return { pid, exited, stop: () => child.kill('SIGINT'), kill: () => child.kill('SIGKILL') };
}

function started(child: ChildProcess, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid!));
    child.once('error', (cause) => {
      reject(new K6Error('k6_not_started', `k6 could not be started (${path}): ${cause.message}`, { cause }));
    });
  });
}
