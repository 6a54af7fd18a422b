/**
 * What a run was judged by, as test cases.
 *
 * Must hold:
 * - Class and name of a case hold nothing measured: pipelines compare runs by them.
 * - What was not judged is never `passed`: the tables of outcomes below say which other it is.
 * - Texts pass `writable` before `distinct`: two names may become equal.
 */
import {
  formatCount,
  formatShare,
  type CheckResult,
  type ObjectiveResult,
  type RunResult,
  type ThresholdResult,
} from '@jarvis-load/engine/result';
import { removeInvalidXml } from '../escape/xml.ts';
import { objectiveRow } from '../view/objective-row.ts';
import { describeEnd, describeIterations, describeTarget, describeTraffic } from '../view/sentences.ts';
import { STATUS_WORDS, VERDICT_WORDS, samplesRemark } from '../view/status.ts';
import { goodputText, streamsOf } from '../view/streams.ts';
import { thresholdMetric, thresholdRow } from '../view/threshold-row.ts';
import type { CaseOutcome, TestCase, TestSuite } from './test-case.ts';

/**
 * First part of every class name: Jenkins takes the part before the dot as the package; GitLab and Jenkins group by the
 * second part.
 */
const PACKAGE = 'jarvis-load';
/** Duration of a case that took no time of its own, in milliseconds. */
const JUDGED_WITH_THE_RUN = 0;

const VERDICT_OUTCOMES = {
  pass: 'passed',
  fail: 'failure',
  'not-valid': 'error',
} as const satisfies Record<RunResult['verdict']['status'], CaseOutcome>;
/**
 * A threshold without data is an error in the test, so it fails; one with too few samples is undecided, so it is
 * skipped.
 */
const THRESHOLD_OUTCOMES = {
  pass: 'passed',
  fail: 'failure',
  'machine-limited': 'skipped',
  unproven: 'skipped',
  'no-data': 'failure',
} as const satisfies Record<ThresholdResult['status'], CaseOutcome>;
const OBJECTIVE_OUTCOMES = {
  pass: 'passed',
  fail: 'failure',
  'machine-limited': 'skipped',
  unproven: 'skipped',
  'no-data': 'skipped',
  'not-measurable': 'skipped',
} as const satisfies Record<ObjectiveResult['status'], CaseOutcome>;

/** What the run was judged by: its verdict, then thresholds, objectives and checks; kinds without entries are left out. */
export function testSuites(result: RunResult): readonly TestSuite[] {
  const suite = (
    name: string,
    cases: readonly TestCase[],
    properties: Readonly<Record<string, string>> = {},
  ): TestSuite => ({
    name: `${PACKAGE} ${name}`,
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [removeInvalidXml(key), removeInvalidXml(value)]),
    ),
    cases: distinct(cases.map(writable)),
  });
  return [
    suite('verdict', [verdictCase(result)], propertiesOf(result)),
    suite('thresholds', result.thresholds.map(thresholdCase)),
    suite('objectives', result.objectives.map(objectiveCase)),
    suite('checks', result.checks.map(checkCase)),
  ].filter(({ cases }) => cases.length > 0);
}

/** Always present: a run that proves nothing is an error, whatever else was measured. */
function verdictCase(result: RunResult): TestCase {
  const { status, reasons } = result.verdict;
  const outcome = VERDICT_OUTCOMES[status];
  const [first] = reasons;
  const more = reasons.length > 1 ? ` (and ${formatCount(reasons.length - 1)} more)` : '';
  return {
    className: `${PACKAGE}.verdict`,
    name: `${result.scenarios.map(({ name }) => name).join(', ') || 'run'} on ${result.target.name}`,
    outcome,
    message:
      outcome === 'passed'
        ? ''
        : `${VERDICT_WORDS[status]}${first === undefined ? '' : `: ${first.text}${more}`}`,
    detail: [
      ...reasons.map(({ text }) => `- ${text}`),
      describeTarget(result),
      describeEnd(result),
      describeTraffic(result),
      describeIterations(result),
      ...streamsOf(result).flatMap(goodputText),
    ].join('\n'),
    durationMs: result.run.durationMs,
  };
}

function thresholdCase(threshold: ThresholdResult): TestCase {
  const { status, measured, remark } = thresholdRow(threshold);
  const outcome = THRESHOLD_OUTCOMES[threshold.status];
  const words =
    status === 'no-data'
      ? STATUS_WORDS['no-data']
      : status === 'unproven'
        ? `${STATUS_WORDS.unproven} (${samplesRemark(threshold.samples, threshold.samplesNeeded)}), measured ${measured}`
        : status === 'machine-limited'
          ? `${STATUS_WORDS['machine-limited']}, measured ${measured}`
          : `measured ${measured}`;
  return {
    className: named('thresholds', threshold.scenario),
    name: `${thresholdMetric(threshold)}: ${threshold.expression}`,
    outcome,
    message: outcome === 'passed' ? '' : `${words}, the threshold is ${threshold.expression}`,
    detail: sentence(words, remark),
    durationMs: JUDGED_WITH_THE_RUN,
  };
}

/** Without the limit in its name: the limit on requests/s depends on the number of users. */
function objectiveCase(objective: ObjectiveResult): TestCase {
  const { status, aspect, limit, measured, margin, remark } = objectiveRow(objective);
  const outcome = OBJECTIVE_OUTCOMES[objective.status];
  const judged = objective.status === 'pass' || objective.status === 'fail';
  const words = judged
    ? `measured ${measured}`
    : status === 'unproven' || status === 'machine-limited'
      ? `${STATUS_WORDS[status]}, measured ${measured}`
      : STATUS_WORDS[status];
  return {
    className: named('objectives', objective.operation),
    // Method and route are empty for an operation that the run does not have.
    name: [`${objective.method} ${objective.route}`.trim(), aspect].filter((part) => part !== '').join(': '),
    outcome,
    message:
      outcome === 'passed' ? '' : sentence(`${words}, the objective is ${limit}`, judged ? '' : remark),
    detail: sentence(
      `${words}, the objective is ${limit}${objective.margin === null ? '' : `, margin ${margin}`}`,
      remark,
    ),
    durationMs: JUDGED_WITH_THE_RUN,
  };
}

function checkCase({ scenario, name, passes, fails }: CheckResult): TestCase {
  const total = passes + fails;
  const outcome = total === 0 ? 'skipped' : fails > 0 ? 'failure' : 'passed';
  const counted =
    total === 0
      ? 'no response was checked'
      : `${formatCount(fails)} of ${formatCount(total)} failed, ${formatShare(passes / total)} passed`;
  return {
    className: named('checks', scenario),
    name,
    outcome,
    message: outcome === 'passed' ? '' : counted,
    detail: counted,
    durationMs: JUDGED_WITH_THE_RUN,
  };
}

/** The class name; a case of the whole run has no owner below its kind. */
function named(kind: string, owner: string | null): string {
  return owner === null || owner === '' ? `${PACKAGE}.${kind}` : `${PACKAGE}.${kind}.${owner}`;
}

function sentence(text: string, remark: string): string {
  return remark === '' ? text : `${text}; ${remark}`;
}

/** Removes characters that XML does not allow. */
function writable({ className, name, message, detail, ...rest }: TestCase): TestCase {
  return {
    className: removeInvalidXml(className),
    name: removeInvalidXml(name),
    message: removeInvalidXml(message),
    detail: removeInvalidXml(detail),
    ...rest,
  };
}

/** Pipelines merge cases of the same class and name and may show the better result, so repeated names get a number. */
function distinct(cases: readonly TestCase[]): readonly TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((each) => {
    const key = JSON.stringify([each.className, each.name]);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? each : { ...each, name: `${each.name} (${times})` };
  });
}

function propertiesOf({
  run,
  target,
  generator,
  config,
  totals,
}: RunResult): Readonly<Record<string, string>> {
  return {
    run: run.id,
    target: target.url,
    generator: `${generator.name} ${generator.version}, ${generator.engine} engine`,
    ...(totals.retries === null ? {} : { retries: String(totals.retries) }),
    ...(run.seed === null ? {} : { seed: String(run.seed) }),
    ...(typeof config['command'] === 'string' ? { command: config['command'] } : {}),
    ...Object.fromEntries(Object.entries(run.tags).map(([name, value]) => [`tag.${name}`, value])),
  };
}
