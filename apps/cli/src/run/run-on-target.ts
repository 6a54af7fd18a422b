import type { Exchange, LoadRun, Output, RunOptions } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import type { CommandContext } from '../commands/command.ts';
import { LOAD_FLAGS } from '../options/load-flags.ts';
import { exchangeText } from '../output/exchange-text.ts';
import { RunSteering } from './run-steering.ts';
import { connectionOptions } from '../target/connection-options.ts';
import { reproducingCommand } from './describe-run.ts';
import { execute } from './execute.ts';
import { describeShape } from './load-shape.ts';
import { OUTPUT_TIMEOUT_MS } from './outputs-of-run.ts';
import { DEFAULT_SETUP_TIMEOUT_MS } from './setup-timeout.ts';
import { prepareRun, type PreparedRun, type RunRequest } from './prepare-run.ts';
import { thresholdsOfRun } from './thresholds-of-run.ts';

/** A run in this engine. The caller has opened `target`, and closes it, also after an error. */
export interface LoadRequest extends Omit<RunRequest, 'announce' | 'onExchange' | 'flags'> {
  readonly seed: number;
  /** Listeners of the run, its progress among them. */
  readonly outputs?: readonly Output[];
  /** Receives the handle of the run as soon as it is started, before its setup, and what steers it. */
  readonly onRun?: (run: LoadRun, steering: RunSteering) => void;
  /** @default the engine's */
  readonly circuitBreaker?: RunOptions['circuitBreaker'];
  readonly context: CommandContext;
}

/** The engine's options of a prepared run. */
export function runOptions(
  { settings, target, shape, runId, seed, context, outputs = [] }: Omit<LoadRequest, 'tests' | 'progress'>,
  prepared: PreparedRun,
): RunOptions {
  const threads = settings.threads ?? 1;
  const { describe } = prepared;
  return {
    baseUrl: target.baseUrl,
    scenarios: threads === 1 ? prepared.scenarios : prepared.module,
    threads,
    thresholds: thresholdsOfRun(settings, shape),
    objectives: prepared.objectives,
    seed,
    runId,
    strict: settings.strict === true,
    watchProcesses: target.processes,
    ...(settings.maxDroppedShare === undefined ? {} : { maxDroppedShare: settings.maxDroppedShare }),
    outputs,
    describe: {
      ...describe,
      config: { command: reproducingCommand(context, settings, seed, context.redactor), ...describe.config },
    },
    timeouts: {
      outputMs: OUTPUT_TIMEOUT_MS,
      setupMs: settings.setupTimeout ?? DEFAULT_SETUP_TIMEOUT_MS,
      ...(settings.connectTimeout === undefined ? {} : { connectMs: settings.connectTimeout }),
      ...(settings.requestTimeout === undefined ? {} : { requestMs: settings.requestTimeout }),
    },
    ...(settings.part === undefined ? {} : { part: settings.part }),
    ...(settings.startAt === undefined ? {} : { startAtMs: settings.startAt }),
    ...(settings.tag === undefined ? {} : { tags: settings.tag }),
    ...(settings.trace === undefined ? {} : { trace: settings.trace }),
    ...(settings.pacing === undefined ? {} : { pacing: settings.pacing }),
    ...(settings.connections === undefined ? {} : { connections: settings.connections }),
    ...connectionOptions(target, settings, prepared.bases),
  };
}

/** Prepares the run, runs it, and completes its document: secrets are removed. The caller writes it, then calls `afterRun`. */
export async function runOnTarget(request: LoadRequest): Promise<RunResult> {
  const { settings, shape, runId, seed, context } = request;
  const show = (exchange: Exchange): void => void context.out.write(exchangeText(exchange, context.redactor));
  const prepared = await prepareRun({
    ...request,
    flags: LOAD_FLAGS,
    announce: (where) => [
      `run ${runId}: ${where}`,
      `${request.tests.scenarios.map(({ name }) => name).join(', ')}: ${describeShape(shape)}, seed ${seed}`,
    ],
    ...(settings.once === true ? { onExchange: show } : {}),
  });
  const result = await execute(
    {
      ...runOptions(request, prepared),
      ...(request.circuitBreaker === undefined ? {} : { circuitBreaker: request.circuitBreaker }),
      ...(shape.kind === 'once' ? { onExchange: show, circuitBreaker: false, warmUp: false } : {}),
    },
    context.interruption,
    (run) => {
      const { scenarios } = prepared;
      request.onRun?.(run, new RunSteering(run, { shape, scenarios, ceilings: request.target.ceilings }));
    },
  );
  return prepared.finish(result);
}
