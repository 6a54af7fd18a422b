import { readFileSync } from 'node:fs';
import type { RunResult } from '@jarvis-load/engine/result';
import { validateXML } from 'xmllint-wasm';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../src/index.ts';
import { HOSTILE, emptyRun, hostileRun } from './fixtures/hostile.ts';
import { parseXml, type XmlElement } from './fixtures/parse-xml.ts';
import { runResult } from './fixtures/run-result.ts';

const SCHEMA = {
  fileName: 'junit.xsd',
  contents: readFileSync(new URL('fixtures/junit.xsd', import.meta.url), 'utf8'),
};
const RUNS: readonly [string, RunResult][] = [
  ['a run that passes', runResult()],
  ['a degraded run with hostile answers', hostileRun()],
  ['a run without any request', emptyRun()],
];

interface Case {
  readonly className: string;
  readonly name: string;
  readonly outcome: string;
  readonly message: string;
  readonly text: string;
}

function cases(result: RunResult): Case[] {
  return parseXml(renderJunit(result)).children.flatMap(({ children }) =>
    children.filter(({ name }) => name === 'testcase').map(readCase),
  );
}

function readCase({ attributes, children }: XmlElement): Case {
  const [only] = children;
  return {
    className: attributes['classname'] ?? '',
    name: attributes['name'] ?? '',
    outcome: only?.name === 'system-out' ? 'passed' : (only?.name ?? ''),
    message: only?.attributes['message'] ?? '',
    text: only?.text ?? '',
  };
}

const verdictOf = (result: RunResult) =>
  cases(result).find(({ className }) => className.endsWith('.verdict'));

describe('junit.xml', () => {
  it.each([
    ['a run that passes', 'junit-pass', runResult()],
    ['a degraded run with hostile answers', 'junit-fail', hostileRun()],
    ['a run without any request', 'junit-not-valid', emptyRun()],
  ])('tells of %s', async (_what, name, result) => {
    await expect(renderJunit(result)).toMatchFileSnapshot(`snapshots/${name}.xml`);
  });

  it.each(RUNS)('keeps the schema: %s', async (_what, result) => {
    const { valid, errors } = await validateXML({
      xml: { fileName: 'junit.xml', contents: renderJunit(result) },
      schema: [SCHEMA],
    });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
  });

  it.each(RUNS)('counts what is there: %s', (_what, result) => {
    const root = parseXml(renderJunit(result));
    const sums = { tests: 0, failures: 0, errors: 0 };
    for (const suite of root.children) {
      const own = suite.children.filter(({ name }) => name === 'testcase');
      const of = (outcome: string) =>
        own.filter(({ children }) => children.some(({ name }) => name === outcome)).length;
      const counted = { tests: own.length, failures: of('failure'), errors: of('error') };
      expect(suite.attributes).toMatchObject({
        tests: String(counted.tests),
        failures: String(counted.failures),
        errors: String(counted.errors),
        skipped: String(of('skipped')),
        timestamp: '2026-11-22T16:05:00Z',
      });
      sums.tests += counted.tests;
      sums.failures += counted.failures;
      sums.errors += counted.errors;
    }
    const { tests, failures, errors } = root.attributes;
    expect({ tests: Number(tests), failures: Number(failures), errors: Number(errors) }).toEqual(sums);
    expect(sums.tests).toBe(1 + result.thresholds.length + result.objectives.length + result.checks.length);
  });

  it('passes where the document passes, and what could not be measured is skipped', () => {
    const all = cases(runResult());
    expect(new Set(all.map(({ outcome }) => outcome))).toEqual(new Set(['passed', 'skipped']));
    const skipped = all.filter(({ outcome }) => outcome === 'skipped');
    expect(skipped.map(({ name }) => name)).toContain('POST /api/chat: requests/s');
    for (const { message } of skipped)
      expect(message).toMatch(/^not measurable with this profile.*at most 20\/s/);
  });

  it('fails with what was measured, and the reasons of the verdict', () => {
    const result = hostileRun();
    const all = cases(result);
    expect(all.find(({ name }) => name === 'POST /api/chat: p95')).toMatchObject({
      className: 'jarvis-load.objectives.chat.send',
      outcome: 'failure',
      message: 'measured 536 ms, the objective is < 300 ms',
    });
    expect(all.find(({ name }) => name === 'has message')).toMatchObject({
      outcome: 'failure',
      message: '54 of 204 failed, 73.5% passed',
    });
    const verdict = verdictOf(result);
    expect(verdict?.outcome).toBe('failure');
    expect(verdict?.message).toBe('FAIL: chat.send: p95 was 566 ms, the objective is 300 ms (and 1 more)');
    for (const { text } of result.verdict.reasons) expect(verdict?.text).toContain(text.slice(0, 40));
  });

  it('never passes a run that is not valid, even if nothing else was judged', () => {
    const result: RunResult = { ...emptyRun(), thresholds: [], objectives: [] };
    const all = cases(result);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      outcome: 'error',
      message: 'NOT VALID: No request was made: the login answered without a token.',
    });
  });

  it('fails a threshold without data, and skips an objective or a check of nothing', () => {
    const all = cases({
      ...emptyRun(),
      checks: [{ scenario: 'chat-journey', name: 'has message', passes: 0, fails: 0 }],
    });
    const outcomes = (kind: string) => [
      ...new Set(all.filter(({ className }) => className.includes(kind)).map(({ outcome }) => outcome)),
    ];
    expect(outcomes('.thresholds')).toEqual(['failure']);
    expect(outcomes('.objectives')).toEqual(['skipped']);
    expect(outcomes('.checks')).toEqual(['skipped']);
    expect(all.find(({ name }) => name === 'response_time: p(95)<1200')?.message).toBe(
      'no data, the threshold is p(95)<1200',
    );
  });

  it('numbers cases that would be one in a pipeline', () => {
    const result = runResult();
    const [check] = result.checks;
    if (check === undefined) throw new Error('the fixture has checks');
    const names = cases({ ...result, checks: [check, check, { ...check, name: `${check.name}\u0000` }] })
      .filter(({ className }) => className.includes('.checks'))
      .map(({ name }) => name);
    expect(names).toEqual([check.name, `${check.name} (2)`, `${check.name} (3)`]);
  });

  it('names run, target, command and tags', () => {
    const [verdict] = parseXml(renderJunit(runResult())).children;
    const properties = verdict?.children.find(({ name }) => name === 'properties')?.children;
    expect(
      Object.fromEntries(
        (properties ?? []).map(({ attributes }) => [attributes['name'], attributes['value']]),
      ),
    ).toEqual({
      run: '20261122-160500-k3f9',
      target: 'http://127.0.0.1:43117',
      generator: 'jarvis-load 0.1.0, native engine',
      retries: String(runResult().totals.retries),
      seed: '421337',
      command: 'jarvis-load load --target=mock --seed=421337',
      'tag.suite': 'selftest',
    });
  });

  it('gives hostile text back as text', () => {
    expect(cases(hostileRun()).map(({ name }) => name)).toContain(HOSTILE.html);
    expect(renderJunit(hostileRun())).not.toMatch(/<script|<img/);
  });
});
