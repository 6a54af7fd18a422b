import { EngineError } from '@jarvis-load/engine';
import { mergeRecords } from '@jarvis-load/engine/replay';
import type { ResultNote, RunResult } from '@jarvis-load/engine/result';
import { usageError } from '../cli-error.ts';
import { clockNotes } from './clock-notes.ts';
import type { ReadPart } from './read-parts.ts';
import { areWorkers } from './runs-of-master.ts';

/** Beyond this, the start of a part is said to be late, in milliseconds. */
const LATE_MS = 250;

/**
 * The document of the parts of one run, with what each part was in `extensions.parts`.
 *
 * Must hold:
 * - A missing part makes the verdict not-valid, unless `allowMissing`; the counts are those of the parts that are there.
 *   Which are missing is read from their names, `part 1/3` (`readParts`); how many workers a Locust master had is not known.
 * - Workers without a second of load are left out and noted, as their setup is no part of the run; parts of a schedule stay.
 *
 * @throws CliError exit 2 for parts of different runs, or a part that is there twice
 */
export async function mergeParts(
  runId: string,
  parts: readonly ReadPart[],
  allowMissing: boolean,
): Promise<RunResult> {
  try {
    return await merged(runId, parts, allowMissing);
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.code !== 'invalid-snapshot') throw cause;
    throw usageError(
      'merge-input',
      cause.message,
      'the parts of one run',
      'give the folders of one run only',
    );
  }
}

async function merged(runId: string, given: readonly ReadPart[], allowMissing: boolean): Promise<RunResult> {
  const ofMaster = areWorkers(given);
  // A master may say stop while a worker is still in its setup.
  const idle = ofMaster ? given.filter(({ seconds }) => seconds === 0) : [];
  const parts = idle.length === given.length ? given : given.filter((part) => !idle.includes(part));
  const missing = missingParts(parts);
  const result = await mergeRecords(runId, parts, { ownSeeds: ofMaster });
  const each = parts.map((part) => describePart(part));
  const clocks = each.map(({ facts, startedAtMs, ahead }) => ({ name: facts.name, startedAtMs, ahead }));
  const starts = each.map(({ startedAtMs }) => startedAtMs);
  const notes: ResultNote[] = [
    {
      level: 'info',
      code: 'merged',
      text: `merged from ${parts.length} parts: ${parts.map(({ name }) => name).join(', ')}`,
    },
    ...each.flatMap(({ notes: own }) => own),
    ...(ofMaster ? [WORKERS_UNKNOWN] : []),
    ...idle.map(({ name }) => warning('no-load', `${name} made no load: it ended before its load began`)),
    ...targetNotes(parts),
    ...(missing.length > 0
      ? [warning('missing-part', `missing: ${missing.join(', ')}; the counts are those of the other parts`)]
      : []),
    ...(Math.max(...starts) - Math.min(...starts) > LATE_MS
      ? [
          warning(
            'parts-apart',
            `by their own clocks the parts started up to ${Math.round(Math.max(...starts) - Math.min(...starts))} ms apart`,
          ),
        ]
      : []),
    ...(parts.length > 1 ? clockNotes(clocks) : []),
  ];
  const document: RunResult = {
    ...result,
    config: configOfWhole(result.config),
    notes: [...result.notes, ...notes],
    extensions: { ...result.extensions, parts: each.map(({ facts }) => facts) },
  };
  if (missing.length === 0 || allowMissing) return document;
  return {
    ...document,
    verdict: {
      status: 'not-valid',
      reasons: [
        { code: 'missing-part', text: `${missing.join(', ')} of the run is missing` },
        ...document.verdict.reasons,
      ],
    },
  };
}

/** Settings of the first part as those of the whole run; its command makes the whole load on one machine. */
function configOfWhole({ part: _part, startAt: _startAt, command, ...config }: RunResult['config']) {
  const whole =
    typeof command === 'string' ? command.replaceAll(/ --(?:part|start-at)[= ]\S+/g, '') : command;
  return { ...config, ...(whole === undefined ? {} : { command: whole }) };
}

const WORKERS_UNKNOWN: ResultNote = {
  level: 'info',
  code: 'workers-unknown',
  text: 'The records do not say how many workers the Locust master had: one whose folder is not here is not missed.',
};

/** Workers and parts are told their target one by one. */
function targetNotes(parts: readonly ReadPart[]): ResultNote[] {
  const urls = [...new Set(parts.map(({ info }) => info.target.url))];
  if (urls.length < 2) return [];
  return [warning('targets-differ', `the parts loaded ${urls.length} targets: ${urls.join(', ')}`)];
}

/** Names of the parts that are not there. */
function missingParts(parts: readonly ReadPart[]): string[] {
  const names = parts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw usageError(
      'merge-input',
      `${twice} is there twice`,
      'each part once',
      'give the folders of one run only',
    );
  }
  const counts = new Set(names.flatMap((name) => /^part \d+\/(\d+)$/.exec(name)?.[1] ?? []));
  if (counts.size > 1) {
    throw usageError(
      'merge-input',
      `the parts are of ${[...counts].join(' and of ')}`,
      'the parts of one run',
    );
  }
  const [of = '0'] = counts;
  return Array.from({ length: Number(of) }, (_, index) => `part ${index + 1}/${of}`).filter(
    (name) => !names.includes(name),
  );
}

function describePart({ name, info, own, damaged, lateNotes }: ReadPart) {
  const { run, target, verdict, health, totals, environment } = own;
  const startedAtMs = Date.parse(run.startedAt);
  const asked = info.config['startAt'];
  const lateMs = typeof asked === 'string' ? startedAtMs - Date.parse(asked) : null;
  return {
    startedAtMs,
    ahead: target.clockAheadMs,
    notes: [
      ...lateNotes.map((note) => ({ ...note, text: `${name}: ${note.text}` })),
      ...(damaged === undefined
        ? []
        : [warning('journal-cut', `${name}: ${damaged}; what follows is left out`)]),
      ...(lateMs === null || lateMs <= LATE_MS
        ? []
        : [warning('late-part', `${name} started ${Math.round(lateMs)} ms after the common start`)]),
      ...(health.generatorLimited === true
        ? [warning('part-limited', `${name}: the generator was the limit: ${health.reasons.join('; ')}`)]
        : []),
    ],
    facts: {
      name,
      run: run.id,
      startedAt: run.startedAt,
      lateMs,
      targetClockAheadMs: target.clockAheadMs ?? null,
      end: run.end,
      requests: totals.requests,
      verdict: verdict.status,
      generatorLimited: health.generatorLimited,
      environment,
    },
  };
}

function warning(code: string, text: string): ResultNote {
  return { level: 'warning', code, text };
}
