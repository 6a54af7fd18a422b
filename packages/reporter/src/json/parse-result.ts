import { reasonOf } from '@jarvis-load/engine/show';
import {
  OLDEST_READABLE_VERSION,
  RESULT_SCHEMA_VERSION,
  RunResultSchema,
  upgradeResult,
} from '@jarvis-load/engine/result';
import type { RunResult } from '@jarvis-load/engine/result';
import { Check, Errors } from '@jarvis-load/engine/typebox/value';
import { ReporterError } from '../errors.ts';

const VERSIONS = `${OLDEST_READABLE_VERSION} to ${RESULT_SCHEMA_VERSION}`;
const TIME = 'must be a time of ISO 8601, such as "2026-11-22T16:05:12.340Z"';
const EXPECTED = `a result document of jarvis-load (kind "jarvis-load.result", schemaVersion ${VERSIONS}), such as results/<run id>/result.json`;

/**
 * Reads a result document, upgrades older versions, and validates it against its schema. A document from a file is read by this
 * function alone: views rely on what it checks.
 *
 * @param source Name of the text in error messages, such as its path.
 * @throws {ReporterError} `result_not_json`, `result_wrong_kind`, `result_wrong_version` or `result_invalid`, naming
 *   the most deeply nested invalid place and what was expected there.
 */
export function parseResult(text: string, source = 'The text'): RunResult {
  const written = parseJson(text, source);
  if (!isRecord(written) || written['kind'] !== 'jarvis-load.result') {
    const found = isRecord(written) ? `kind ${shorten(written['kind'])}` : shorten(written);
    throw new ReporterError(
      'result_wrong_kind',
      `${source} is JSON, but not a result: found ${found}, expected ${EXPECTED}.`,
    );
  }
  const document: unknown = upgradeResult(written);
  if (!isRecord(document) || document['schemaVersion'] !== RESULT_SCHEMA_VERSION) {
    throw new ReporterError(
      'result_wrong_version',
      `${source} has schemaVersion ${shorten(written['schemaVersion'])}, expected ${VERSIONS}. Use the version of jarvis-load that wrote it.`,
    );
  }
  if (!Check(RunResultSchema, document)) {
    throw new ReporterError('result_invalid', `${source} ${firstFault(document)}`);
  }
  for (const [place, time] of timesOf(document)) {
    if (!isTime(time)) throw new ReporterError('result_invalid', `${source} ${faultAt(place, TIME, time)}`);
  }
  return document;
}

/** Views compute with every time of a document; the schema says only that they are texts. */
function* timesOf({ run, errors, exceptions }: RunResult): Generator<readonly [place: string, time: string]> {
  yield ['/run/startedAt', run.startedAt];
  yield ['/run/endedAt', run.endedAt];
  for (const [list, groups] of Object.entries({ errors, exceptions })) {
    for (const [index, { firstSeen, lastSeen }] of groups.entries()) {
      yield [`/${list}/${index}/firstSeen`, firstSeen];
      yield [`/${list}/${index}/lastSeen`, lastSeen];
    }
  }
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text));
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReporterError(
      'result_not_json',
      `${source} is not JSON (${reasonOf(cause)}); expected ${EXPECTED}.`,
      {
        cause,
      },
    );
  }
}

/** The error with the longest path: more specific than the "must match one of" of the union above it. */
function firstFault(document: unknown): string {
  const faults = Errors(RunResultSchema, document);
  const fault = faults.toSorted(
    (a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length,
  )[0];
  if (fault === undefined) return 'does not fit the schema of a result document.';
  const here = faults.filter(({ instancePath }) => instancePath === fault.instancePath);
  const constants = here.flatMap((each) => (each.keyword === 'const' ? [each.params.allowedValue] : []));
  const others = here.filter(({ keyword }) => keyword !== 'const' && keyword !== 'anyOf');
  const expectations = [
    ...(constants.length > 0
      ? [`must be one of ${constants.map((value) => JSON.stringify(value)).join(', ')}`]
      : []),
    ...new Set(others.map(({ message }) => message)),
  ].join(', or ');
  return faultAt(fault.instancePath, expectations, valueAt(document, fault.instancePath));
}

function faultAt(place: string, expected: string, found: unknown): string {
  const where = place === '' ? 'the document itself' : place;
  return `is a result document with a fault at ${where}: ${expected}; found ${shorten(found)}. It was edited, or written by another version.`;
}

function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), document);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
