import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseAbort, type AbortReason } from '../k6/abort-reason.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { K6Error } from './k6-error.ts';

/** What {@link runK6} takes. */
export interface K6RunOptions {
  /** The program. */
  readonly k6: string;
  /** The script. */
  readonly script: string;
  /** Where `--out json` goes; its folder must exist, or k6 does not start. */
  readonly samplesFile: string;
  /** Where `--summary-export` goes; its folder must exist, or k6 loses it without a word. */
  readonly summaryFile: string;
  /** Further arguments of k6, after ours. */
  readonly arguments: readonly string[];
  /** The environment to clean. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Variables for the script, after cleaning. */
  readonly settings: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** File descriptor that k6 draws its progress and its summary on; a number, so that it sees a terminal. */
  readonly display: number | 'ignore';
  /** Names of variables of the environment that k6 does not get; called once, before it starts, where there are any. */
  readonly onRemoved?: (names: readonly string[]) => void;
  /** A line of k6's log. */
  readonly onLog: (line: string) => void;
}

/** How k6 ended. */
export interface K6Exit {
  /** 128 + the number of the signal where one ended it. */
  readonly exitCode: number;
  /** Where a script of ours ended the test. */
  readonly abort: AbortReason | undefined;
}

/** A k6 that runs. */
export interface RunningK6 {
  readonly pid: number;
  readonly exited: Promise<K6Exit>;
  /** Asks it to end: it interrupts its users, runs teardown and writes its summary. A second time: at once. */
  stop(): void;
  kill(): void;
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** An empty config file: the one in the user's home may hold other hosts, other load, other options. The same from `src/node` and from `dist/node`. */
const CONFIG_FILE = fileURLToPath(new URL('../../k6-config.json', import.meta.url));

/**
 * Starts k6: no usage report, no REST API unless asked for, no config file of the user, no proxy, its own process group, so that Ctrl-C on a terminal reaches it once, by us.
 * @throws K6Error `k6_not_started`
 */
export async function runK6(options: K6RunOptions): Promise<RunningK6> {
  const { variables, outputs, removed } = cleanEnvironment(options.environment, options.settings);
  if (removed.length > 0) options.onRemoved?.(removed);
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
    const found = parseAbort(messageOf(line));
    if (found === undefined) options.onLog(line);
    else abort = found;
  });
  const logEnded = new Promise<void>((resolve) => void log.once('close', resolve));
  const exited = new Promise<K6Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      void logEnded.then(() =>
        resolve({ exitCode: code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0), abort }),
      );
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

/** k6 logs in logfmt where it does not see a terminal: `level=error msg="..."`. */
function messageOf(line: string): string {
  const quoted = / msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  if (quoted === undefined) return line;
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}
