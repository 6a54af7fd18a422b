/*
 * Brings older result documents to the present version.
 *
 * Must hold:
 * - There is a step for every version from `OLDEST_READABLE_VERSION` on. A value that version n did not store becomes null, so
 *   that no view shows an invented one.
 * - No step throws, whatever the document holds: the caller checks the outcome against `RunResultSchema`, which names what is
 *   wrong.
 */

import { RESULT_SCHEMA_VERSION } from './document-format.ts';

type Document = Readonly<Record<string, unknown>>;

/** Key n converts version n to n+1. */
const STEPS: Readonly<Record<number, (document: Document) => Document>> = {
  1: (document) => {
    const upgraded = {
      ...withoutMachine(document),
      run: withMissing(document['run'], { pausedMs: null }),
      scenarios: eachWithMissing(document['scenarios'], { activeMs: null }),
      thresholds: eachWithMissing(document['thresholds'], { samplesNeeded: null }),
      objectives: eachWithMissing(document['objectives'], { samplesNeeded: null }),
    };
    return recordOf(document['generator'])['engine'] === 'k6' ? withoutGuesses(upgraded) : upgraded;
  },
};

/**
 * Makes null what k6 does not report: its documents of version 1 contain placeholders (0, 'closed', 'not
 * generator-limited').
 */
function withoutGuesses(document: Document): Document {
  const withoutBytes = (stats: Document): Document => ({
    ...stats,
    retries: null,
    bytesSent: null,
    bytesReceived: null,
  });
  const scenarios = listOf(document['scenarios']);
  const unknownIfNone = (iterations: unknown): Document => {
    const counts = recordOf(iterations);
    return counts['interrupted'] === 0 ? { ...counts, interrupted: null } : counts;
  };
  const isPlanned = (scenario: Document): boolean => recordOf(scenario['executor'])['kind'] !== 'unknown';
  const planned = scenarios.filter(isPlanned);
  return {
    ...document,
    run: planned.length > 0 ? document['run'] : { ...recordOf(document['run']), plannedDurationMs: null },
    scenarios: eachChanged(document['scenarios'], (scenario) =>
      isPlanned(scenario)
        ? scenario
        : {
            ...scenario,
            executor: {},
            model: null,
            plannedDurationMs: null,
            iterations: unknownIfNone(scenario['iterations']),
          },
    ),
    iterations:
      planned.length < scenarios.length ? unknownIfNone(document['iterations']) : document['iterations'],
    totals: withReplaced(document['totals'], { retries: null }),
    operations: eachChanged(document['operations'], withoutBytes),
    errors: eachChanged(document['errors'], (group) => ({
      ...group,
      example: withReplaced(group['example'], { user: null, iteration: null }),
    })),
    health: withReplaced(document['health'], {
      generatorLimited: null,
      connectionsOpened: null,
      warmUpRequests: null,
    }),
  };
}

function recordOf(value: unknown): Document {
  return typeof value === 'object' && value !== null ? (value as Document) : {};
}

function listOf(value: unknown): readonly Document[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

/** The oldest version that is still read. */
export const OLDEST_READABLE_VERSION = 1;

/**
 * Brings an older result document to the present version. Never throws: returns what it cannot upgrade, such as a newer
 * version, unchanged.
 */
export function upgradeResult(document: Document): Document {
  let upgraded = document;
  for (
    let version = document['schemaVersion'];
    typeof version === 'number' && version < RESULT_SCHEMA_VERSION;
    version++
  ) {
    const step = STEPS[version];
    if (step === undefined) return document;
    upgraded = { ...step(upgraded), schemaVersion: version + 1 };
  }
  return upgraded;
}

/** Version 1 measured nothing of the machine. */
function withoutMachine(document: Document): Document {
  const { health, series } = document;
  return {
    ...document,
    health: withMissing(health, { machine: null }),
    series: isDocument(series)
      ? { ...series, points: eachWithMissing(series['points'], { waitShare: null }) }
      : series,
  };
}

/** Replaces members of an object; returns anything else unchanged. */
function withReplaced(value: unknown, members: Document): unknown {
  return isDocument(value) ? { ...value, ...members } : value;
}

/** Adds missing members to an object; returns anything else unchanged, for the schema to reject. */
function withMissing(value: unknown, members: Document): unknown {
  return isDocument(value) ? { ...members, ...value } : value;
}

function eachWithMissing(value: unknown, members: Document): unknown {
  return eachChanged(value, (item) => withMissing(item, members));
}

/** Changes the objects of a list; returns anything else unchanged. */
function eachChanged(value: unknown, change: (item: Document) => unknown): unknown {
  return Array.isArray(value)
    ? value.map((item: unknown) => (isDocument(item) ? change(item) : item))
    : value;
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
