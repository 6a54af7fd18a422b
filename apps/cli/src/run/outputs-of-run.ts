import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  credentialsOf,
  listensToOthers,
  OUTPUT_KINDS,
  parseOutput,
  pathOfRun,
  refuseSharedCredentials,
  secretsOfCredentials,
  WorkerOutput,
  type LastPages,
  type OutputSpec,
} from '@jarvis-load/outputs';
import type { Output } from '@jarvis-load/engine';
import type { RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { exitCode } from '../exit-codes.ts';
import { worstExit } from '../k6/worst-exit.ts';
import type { CommandContext } from '../commands/command.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { outputUsageError } from '../options/outputs.ts';
import { isTyped, writtenAs } from '../options/resolve-settings.ts';
import type { Progress } from '../output/progress.ts';
import { exitOfResult } from './exit-of-result.ts';
import { isRepeated } from './repeated-run.ts';

const DEFAULT_INTERVAL_MS = 5000;
const SHORTEST_INTERVAL_MS = 1000;
const LONGEST_INTERVAL_MS = 60_000;

/**
 * Time for `start` and `stop` of an output: the last values wait for a scrape, whose interval is a minute by default. Outputs have
 * shorter limits of their own, and after a signal they end within a second.
 */
export const OUTPUT_TIMEOUT_MS = 90_000;

/** The outputs of one run, which starts and stops them; another run needs new ones. */
export interface RunOutputs {
  readonly outputs: readonly Output[];
  /** Files that they write. */
  readonly filesOf: (runId: string) => readonly string[];
}

/** Files and pages to scrape fail in `start` only for a wrong argument, so they are always required; receivers with `--out-required`. */
function isRequired(spec: OutputSpec, settings: LoadSettings): boolean {
  return !('url' in spec) || settings.outRequired === true;
}

function intervalOf(settings: LoadSettings): number {
  const ms = settings.outInterval ?? DEFAULT_INTERVAL_MS;
  if (ms < SHORTEST_INTERVAL_MS || ms > LONGEST_INTERVAL_MS)
    throw usageError(
      'output',
      `${writtenAs(settings, 'outInterval')}: ${ms / 1000} s is no interval for outputs`,
      'from 1s to 60s',
    );
  return ms;
}

/**
 * The outputs that the settings ask for, not yet started; their secrets are added to the redactor.
 *
 * @param pages of a process that makes several runs, the same for all of them: each run has files of its own then, as have the runs
 * of `repeat`
 * @throws CliError exit 2
 */
export function outputsOfRun(
  settings: LoadSettings,
  context: Pick<CommandContext, 'cwd' | 'environment' | 'interruption' | 'redactor'>,
  progress: Pick<Progress, 'say' | 'warn'>,
  pages?: LastPages,
): RunOutputs {
  const texts = settings.out ?? [];
  const source = writtenAs(settings, 'out');
  const specs = texts.map(parseOutput);
  const intervalMs = intervalOf(settings);
  try {
    refuseSharedCredentials(specs, context.environment);
    for (const spec of specs)
      if ('url' in spec)
        context.redactor.add(secretsOfCredentials(credentialsOf(spec.kind, context.environment)));
  } catch (error) {
    throw outputUsageError(error, source);
  }
  for (const spec of specs)
    if (listensToOthers(spec) && settings.outPublic !== true)
      throw usageError(
        'output',
        `${source}: prometheus would listen on an address that others can reach`,
        'a port alone, such as prometheus=:9464, or --out-public as well',
      );
  refuseUnused(settings, specs);
  refuseSamePlace(specs, texts, context.cwd, source);
  const seen = new Map<string, number>();
  const nameOf = ({ kind }: OutputSpec): string => {
    const place = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, place);
    return place === 1 ? kind : `${kind} ${place}`;
  };
  const tell = (level: 'info' | 'warning', text: string): void =>
    level === 'info' ? progress.say(text) : progress.warn(`warning: ${context.redactor.text(text)}`);
  return {
    outputs: specs.map((spec, place) => {
      const { cwd, environment } = context;
      const required = isRequired(spec, settings);
      return new WorkerOutput(texts[place]!, {
        name: nameOf(spec),
        cwd,
        environment,
        required,
        intervalMs,
        nativeHistograms: settings.outNativeHistograms === true,
        locustNames: settings.outLocustNames === true,
        redactor: context.redactor,
        ...(pages === undefined ? {} : { pages }),
        manyRuns: pages !== undefined || ('path' in spec && isRepeated(environment)),
        onHurry: (listener) => context.interruption.onStop(() => listener()),
        tell,
      });
    }),
    filesOf: (runId) =>
      specs.flatMap((spec) => {
        if (!('path' in spec)) return [];
        const path = resolve(context.cwd, spec.path);
        return pages === undefined && !isRepeated(context.environment) ? path : pathOfRun(path, runId);
      }),
  };
}

/** Flags that shape an output are refused where no output heeds them; variables and the config file may serve other runs as well. */
function refuseUnused(settings: LoadSettings, specs: readonly OutputSpec[]): void {
  const needs = {
    outRequired: OUTPUT_KINDS,
    outNativeHistograms: ['prometheus-rw'],
    outLocustNames: ['prometheus', 'prometheus-rw'],
  } as const satisfies Partial<Record<keyof LoadSettings, readonly OutputSpec['kind'][]>>;
  for (const [key, kinds] of Object.entries(needs) as [keyof typeof needs, readonly OutputSpec['kind'][]][])
    if (settings[key] === true && isTyped(settings, key) && !specs.some(({ kind }) => kinds.includes(kind)))
      throw usageError(
        'output',
        `${writtenAs(settings, key)} has no effect without ${kinds === OUTPUT_KINDS ? '--out' : `--out ${kinds.join(' or ')}`}`,
        'both, or none',
      );
}

/** Two outputs to one file would overwrite each other; two to one receiver would send it every point twice. */
function refuseSamePlace(
  specs: readonly OutputSpec[],
  texts: readonly string[],
  cwd: string,
  source: string,
): void {
  const taken = new Map<string, string>();
  specs.forEach((spec, index) => {
    const key =
      'path' in spec
        ? realPlace(resolve(cwd, spec.path))
        : 'url' in spec
          ? JSON.stringify([spec.kind, spec.url.href, 'place' in spec ? spec.place : undefined])
          : `${spec.host}:${spec.port}`;
    const text = texts[index]!;
    const other = taken.get(key);
    if (other !== undefined)
      throw usageError('output', `${source}: ${other} and ${text} are the same place`, 'one output for each');
    taken.set(key, text);
  });
}

/** The file that a path leads to, which may be yet to be made. @param path absolute */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPlace(parent), basename(path));
  }
}

/**
 * The exit code of a run with these outputs: 98 if one that `--out-required` wants has failed, unless that of its result comes
 * first. A failure is known by the text of the note that the engine makes of it (`coordination/outputs.ts`).
 * @param outputs those of `--out`; the run has others, such as its journal, which are not required
 */
export function exitOfRun(
  result: RunResult,
  settings: Pick<LoadSettings, 'outRequired'>,
  outputs: readonly Pick<Output, 'name'>[],
): number {
  const isMissed =
    settings.outRequired === true &&
    result.notes.some(
      ({ code, text }) =>
        code === 'output-failed' && outputs.some(({ name }) => text.startsWith(`${name}: `)),
    );
  return worstExit([exitOfResult(result), ...(isMissed ? [exitCode('not-valid')] : [])]);
}
