import type { RunResult } from '@jarvis-load/engine/result';
import { create, type XMLElement } from 'xmlbuilder';
import { removeInvalidXml } from '../escape/xml.ts';
import type { TestCase, TestSuite } from './test-case.ts';
import { testSuites } from './test-suites.ts';

/**
 * JUnit XML as read by GitHub, GitLab and Jenkins: a case for the verdict, and one per threshold, objective and check.
 * Characters that XML 1.0 does not allow (most control characters, lone surrogates) are removed.
 */
export function renderJunit(result: RunResult): string {
  const suites = testSuites(result);
  const root = create('testsuites', { version: '1.0', encoding: 'UTF-8' });
  const name = removeInvalidXml(`jarvis-load ${result.run.id}`);
  const all = suites.flatMap(({ cases }) => cases);
  root.att({ name, ...counts(all), time: seconds(result.run.durationMs) });
  for (const suite of suites) addSuite(root, suite, toSeconds(result.run.startedAt));
  return `${root.end({ pretty: true })}\n`;
}

function addSuite(root: XMLElement, { name, properties, cases }: TestSuite, timestamp: string): void {
  const durationMs = cases.reduce((sum, each) => sum + each.durationMs, 0);
  const suite = root.ele('testsuite', {
    name,
    ...counts(cases),
    skipped: count(cases, 'skipped'),
    time: seconds(durationMs),
    timestamp,
  });
  const known = Object.entries(properties);
  if (known.length > 0) {
    const list = suite.ele('properties');
    for (const [key, value] of known) list.ele('property', { name: key, value });
  }
  for (const each of cases) addCase(suite, each);
}

function addCase(
  suite: XMLElement,
  { className, name, outcome, message, detail, durationMs }: TestCase,
): void {
  const element = suite.ele('testcase', { classname: className, name, time: seconds(durationMs) });
  if (outcome === 'passed') element.ele('system-out').txt(detail);
  else if (outcome === 'skipped') element.ele('skipped', { message });
  else element.ele(outcome, { type: TYPES[outcome], message }).txt(detail);
}

/** `failure`: did not hold; `error`: could not be judged. */
const TYPES = { failure: 'failed', error: 'not-valid' } as const;

function counts(cases: readonly TestCase[]) {
  return { tests: cases.length, failures: count(cases, 'failure'), errors: count(cases, 'error') };
}

function count(cases: readonly TestCase[], outcome: TestCase['outcome']): number {
  return cases.filter((each) => each.outcome === outcome).length;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}

/** UTC, whole seconds; text that is not a date is kept. */
function toSeconds(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? removeInvalidXml(iso) : `${time.toISOString().slice(0, 19)}Z`;
}
