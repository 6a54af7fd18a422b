import { relative, resolve } from 'node:path';
import { CircuitBreaker } from '@jarvis-load/engine/ingest';
import {
  followFile,
  OWN_METRICS,
  runK6,
  takeSummary,
  toK6Thresholds,
  type K6Exit,
} from '@jarvis-load/k6-scenarios';
import { ReporterError } from '@jarvis-load/reporter';
import { readK6, type K6Reading } from '@jarvis-load/reporter/ingest';
import { clean } from '../output/clean-text.ts';
import { shownText } from '../secrets/shown-text.ts';
import { DRAIN_MS } from '../run/interruption.ts';
import type { PlannedScenario } from '../run/scenarios.ts';
import type { Redactor } from '@jarvis-load/engine';
import { k6LogOf } from './log-output.ts';
import { passedToK6, writeK6Arguments } from './read-arguments.ts';
import type { K6Request } from './k6-request.ts';

/** k6's display goes to standard error of this process, because standard output is reserved for results. */
const STDERR = 2;

/** Most of the text of an abort, and of a line of the log, which have words of the target. */
const MOST_CHARACTERS = 1000;

/**
 * Runs k6 and reads its samples while it writes them; the circuit breaker watches them and may stop k6. After a signal, k6 has
 * three seconds to end. `reading` is undefined if k6 wrote no sample.
 *
 * Must hold: when this settles, also after an error, k6 has ended and its summary file holds no token. Nor does the text of
 * `exit.abort`, which the document has in `extensions`, where nothing is redacted later.
 */
export async function driveK6(
  request: K6Request,
  scenario: PlannedScenario,
  options: {
    readonly samplesFile: string;
    readonly summaryFile: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly redactor: Redactor;
  },
): Promise<{
  readonly exit: K6Exit;
  readonly reading: K6Reading | undefined;
  /** Reason of the circuit breaker if it ended the run. */
  readonly broken: string | undefined;
  /** As k6 wrote it, without `setup_data`; undefined if it wrote none. */
  readonly summary: unknown;
}> {
  const { settings, context, progress, k6 } = request;
  const { samplesFile, summaryFile, variables, redactor } = options;
  const { tag = {}, quiet } = settings;
  const passed = passedToK6(request.arguments);
  const log = k6LogOf(passed, context.cwd);
  // Whoever asks for the exchanges gets them whole.
  const longestLine = passed.some(({ name }) => name === 'http-debug')
    ? Number.POSITIVE_INFINITY
    : MOST_CHARACTERS;
  const running = await runK6({
    k6: k6.path,
    script: request.test.script,
    samplesFile,
    summaryFile,
    arguments: [
      ...Object.entries(tag).flatMap(([name, value]) => ['--tag', `${name}=${value}`]),
      ...writeK6Arguments(log.passed),
    ],
    environment:
      settings.ca === undefined
        ? context.environment
        : { ...context.environment, SSL_CERT_FILE: resolve(context.cwd, settings.ca) },
    settings: variables,
    cwd: context.cwd,
    display: quiet === true ? 'ignore' : STDERR,
    onRemoved: (names) =>
      progress.warn(
        `warning: k6 does not get ${names.join(', ')} from the environment: target, load and judgement are those of jarvis-load`,
      ),
    onLog: (line) => {
      if (log.shown) progress.warn(excerpt(clean(shownText(line, redactor)), longestLine));
    },
    logFile: log.file,
  });
  const release = context.guardChild(running.pid);
  let drain: NodeJS.Timeout | undefined;
  const stop = (): void => {
    running.stop();
    drain ??= setTimeout(() => running.kill(), DRAIN_MS);
  };
  const off = context.interruption.onStop((_, now) => {
    if (now) running.kill();
    else stop();
  });
  // k6 has no circuit breaker, so the native engine's watches the samples during the run.
  const breaker = new CircuitBreaker({});
  let broken: string | undefined;
  let over = false;
  void running.exited.then(() => (over = true));
  try {
    const [exit, reading] = await Promise.all([
      running.exited,
      readK6(
        [{ fileName: relative(context.cwd, samplesFile), chunks: followFile(samplesFile, running.exited) }],
        {
          scriptMetrics: OWN_METRICS,
          scenarios: [scenario],
          scenarioNames: new Map([[request.test.nameInK6, scenario.name]]),
          thresholds: expressionsOf(scenario),
          onSecond(interval, startMs, endMs) {
            // k6 has ended and the remaining samples are being read: nothing to stop.
            if (broken !== undefined || over) return;
            broken = breaker.watch(interval, startMs, endMs);
            if (broken === undefined) return;
            progress.warn(`the circuit breaker ends the run: ${broken}`);
            stop();
          },
        },
      ).catch((error: unknown) => {
        if (error instanceof ReporterError && error.code === 'not_k6_output') return undefined;
        throw error;
      }),
    ]);
    return { exit: withoutSecrets(exit, redactor), reading, broken, summary: takeSummary(summaryFile) };
  } catch (error) {
    // Nothing watches k6 any more, and it would go on with its load.
    running.kill();
    await running.exited;
    takeSummary(summaryFile);
    throw error;
  } finally {
    clearTimeout(drain);
    off();
    release();
  }
}

function excerpt(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function withoutSecrets(exit: K6Exit, redactor: Redactor): K6Exit {
  const { abort } = exit;
  if (abort === undefined) return exit;
  return {
    ...exit,
    abort: { ...abort, text: excerpt(clean(shownText(abort.text, redactor)), MOST_CHARACTERS) },
  };
}

/** The thresholds as k6 gets and reports them: written otherwise, they would count as others than those that k6 judged. */
function expressionsOf({ thresholds = {} }: PlannedScenario): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(toK6Thresholds(thresholds)).map(([metric, list]) => [
      metric,
      list.map((one) => (typeof one === 'string' ? one : one.threshold)),
    ]),
  );
}
