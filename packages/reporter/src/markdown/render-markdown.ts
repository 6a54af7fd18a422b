/**
 * A run in GitHub's Markdown.
 *
 * Must hold:
 * - Every text of the document passes `cell` or `escapeMarkdown`; the command is in a fence longer than its backticks.
 * - Every list and table is bounded: a job summary may have 1 MiB. `tellGithub` of the command line puts a line in place of a
 *   larger one.
 */
import {
  formatCount,
  formatMeasure,
  formatNumber,
  formatShare,
  type MetricResult,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeMarkdown } from '../escape/markdown.ts';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { whatHappened } from '../findings/what-happened.ts';
import { shortened } from '../format/shortened.ts';
import { formatTimestamp } from '../format/time.ts';
import { headline } from '../view/headline.ts';
import { otherErrors } from '../view/other-errors.ts';
import { markSentences, percentileMark } from '../view/percentile-mark.ts';
import { isMissed, promisesOf, type PromiseView } from '../view/promise.ts';
import { reasonsOf } from '../view/reasons.ts';
import { metricUnit } from '../view/metric-unit.ts';
import { sortedMetrics } from '../view/sorted-metrics.ts';
import { reproduceCommand } from '../view/reproduce.ts';
import { describeEnd, describeTarget, describeTraffic } from '../view/sentences.ts';
import { STATUS_SYMBOLS, STATUS_WORDS, VERDICT_WORDS } from '../view/status.ts';
import { slowestSentence } from '../view/traces.ts';
import { titleOf } from '../view/title.ts';
import { folded, markdownTable } from './markdown-table.ts';
import { markdownStreams } from './markdown-streams.ts';
import { markdownTags } from './markdown-tags.ts';

/** Most rows of a table and lines of a list: a job summary may have 1 MiB. */
const MOST_ROWS = 60;
const MOST_ERRORS = 6;
const MOST_TRACED = 5;
const MOST_METRICS = 20;
/** Of a trend; other kinds have few values. */
const OF_TREND = new Set(['count', 'avg', 'med', 'p(95)', 'max']);
const LONGEST_TEXT = 300;
const SHOWN = ['p50', 'p95', 'p99'] as const;
const SIGNS = { pass: STATUS_SYMBOLS.pass, fail: STATUS_SYMBOLS.fail, 'not-valid': '!' } as const;

/**
 * A run in GitHub's Markdown, for a job summary or a comment: verdict, what happened, what was missed, operations, errors.
 * Headings start at the third level. Text from the target is shown as written, without effect.
 */
export function renderMarkdown(result: RunResult): string {
  const { status } = result.verdict;
  const findings = whatHappened(result);
  // What an operation missed is in the table of promises.
  const { shown, more } = reasonsOf(result, findings);
  const reasons = [...shown, ...more].filter(({ subject }) => subject === '').map(({ text }) => text);
  const warnings = result.notes.filter(({ level }) => level === 'warning');
  const facts = [
    describeTraffic(result),
    describeTarget(result),
    `${formatTimestamp(result.run.startedAt)}, ${describeEnd(result)}`,
    ...Object.entries(result.run.tags).map(([name, value]) => `${name}=${value}`),
  ];
  const lines = [
    `### ${SIGNS[status]} ${VERDICT_WORDS[status]}: ${cell(titleOf(result))}`,
    '',
    `**${cell(headline(result))}.**`,
    '',
    facts.map(cell).join(' · '),
    '',
    ...listed(status === 'pass' ? 'Worth knowing' : 'Reasons', reasons),
    ...listed(
      'What happened',
      findings.map(({ text }) => text),
    ),
    ...missedPromises(result),
    ...operations(result),
    ...markdownStreams(result),
    ...markdownTags(result),
    ...otherPromises(result),
    ...listed('Metrics of the scenarios', sortedMetrics(result).own.map(metricText), MOST_METRICS),
    ...listed('Errors', errorsOf(result), MOST_ERRORS),
    ...slowestTraced(result),
    ...listed(
      'Warnings',
      warnings.map(({ text }) => text),
    ),
    ...again(result),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n').trim()}\n`;
}

function metricText({ name, kind, unit, scenario, values }: MetricResult): string {
  const shown = Object.entries(values)
    .filter(([key]) => kind !== 'trend' || OF_TREND.has(key))
    .map(
      ([key, value]) =>
        `${key} ${formatMeasure(value, key === 'count' ? 'count' : metricUnit(kind, unit, key))}`,
    );
  return `${name}${scenario === null ? '' : ` (${scenario})`}: ${shown.join(' · ')}`;
}

function cell(text: string): string {
  return escapeMarkdown(shortened(text, LONGEST_TEXT));
}

function listed(title: string, texts: readonly string[], most = MOST_ROWS): string[] {
  if (texts.length === 0) return [];
  const hidden = texts.length - most;
  return [
    `#### ${title}`,
    '',
    ...texts.slice(0, most).map((text) => `- ${cell(text)}`),
    ...(hidden > 0 ? [`- and ${formatCount(hidden)} more, in the report`] : []),
    '',
  ];
}

function operations(result: RunResult): string[] {
  if (result.operations.length === 0) return [];
  const refused = result.totals.outcomes.rate_limited > 0;
  const retried = (result.totals.retries ?? 0) > 0;
  const several = new Set(result.operations.map(({ scenario }) => scenario)).size > 1;
  const row = (stats: OperationStats, name: string): string[] => [
    name,
    ...(several ? [cell(stats.scenario)] : []),
    formatCount(stats.requests),
    formatNumber(stats.requestsPerSecond),
    cell(formatShare(stats.failureShare)),
    ...(refused ? [cell(formatShare(stats.rateLimitedShare))] : []),
    ...(retried ? [formatCount(stats.retries)] : []),
    ...SHOWN.map((key) =>
      cell(`${percentileMark(stats.responseTime, key)}${formatNumber(stats.responseTime.percentiles[key])}`),
    ),
    formatNumber(stats.responseTime.maxMs),
  ];
  const hidden = result.operations.length - MOST_ROWS;
  const numeric = (title: string) => ({ title, numeric: true });
  const remarks = [
    'Response times in ms, all outcomes.',
    ...markSentences(result.operations, SHOWN),
    ...(hidden > 0 ? [`${formatCount(hidden)} more operations are in the report.`] : []),
  ];
  return [
    '#### Operations',
    '',
    markdownTable(
      [
        { title: 'operation' },
        ...(several ? [{ title: 'scenario' }] : []),
        ...[
          'count',
          'req/s',
          'failed',
          ...(refused ? ['429'] : []),
          ...(retried ? ['retried'] : []),
          ...SHOWN,
          'max',
        ].map(numeric),
      ],
      [
        ...result.operations.slice(0, MOST_ROWS).map((stats) => row(stats, cell(stats.operation))),
        ...(result.operations.length > 1 ? [row(result.totals, '**all**')] : []),
      ],
    ),
    '',
    escapeMarkdown(remarks.join(' ')),
    '',
  ];
}

function missedPromises(result: RunResult): string[] {
  const missed = promisesOf(result).filter(isMissed);
  return missed.length === 0 ? [] : ['#### Missed', '', ...promiseTable(missed), ''];
}

function otherPromises(result: RunResult): string[] {
  const others = promisesOf(result).filter((promise) => !isMissed(promise));
  const kept = others.filter(({ status }) => status === 'pass');
  const open = others.filter(({ status }) => status !== 'pass');
  return [
    ...(kept.length === 0 ? [] : folded(`${counted(kept)} kept`, promiseTable(kept))),
    ...(open.length === 0 ? [] : folded(`${counted(open)} unproven or not measurable`, promiseTable(open))),
  ];
}

function counted({ length }: readonly PromiseView[]): string {
  return `${formatCount(length)} ${length === 1 ? 'promise' : 'promises'}`;
}

function promiseTable(promises: readonly PromiseView[]): string[] {
  const hidden = promises.length - MOST_ROWS;
  return [
    markdownTable(
      [
        { title: 'of' },
        { title: 'promise' },
        { title: 'verdict' },
        { title: 'measured', numeric: true },
        { title: 'limit', numeric: true },
        { title: 'margin', numeric: true },
      ],
      promises
        .slice(0, MOST_ROWS)
        .map(({ subject, name, status, measured, limit, margin, remark }) => [
          cell(subject),
          cell(name),
          cell(`${STATUS_SYMBOLS[status]} ${STATUS_WORDS[status]}${remark === '' ? '' : `: ${remark}`}`),
          cell(measured),
          cell(limit),
          cell(margin),
        ]),
    ),
    ...(hidden > 0 ? ['', `and ${formatCount(hidden)} more, in the report`] : []),
  ];
}

function slowestTraced(result: RunResult): string[] {
  const slowest = result.traces?.slowest ?? [];
  const hidden = slowest.length - MOST_TRACED;
  const lines = [
    ...slowest.slice(0, MOST_TRACED).map((request) => `- ${cell(slowestSentence(request))}`),
    ...(hidden > 0 ? [`- and ${formatCount(hidden)} more, in the report`] : []),
  ];
  return lines.length === 0 ? [] : folded('Slowest traced requests', lines);
}

function errorsOf({ errors, errorsNotKept, exceptions }: RunResult): string[] {
  return [
    ...errors.map(
      ({ count, operation, outcome, code, message, example }) =>
        `${formatCount(count)} × ${operation}: ${outcome}, ${code}: ${message}${example.traceId === undefined ? '' : ` (trace ${example.traceId})`}`,
    ),
    ...(errorsNotKept > 0 ? [otherErrors(errorsNotKept)] : []),
    ...exceptions.map(
      ({ count, scenario, message }) => `${formatCount(count)} × ${scenario} threw: ${message}`,
    ),
  ];
}

/** The command in a fence that is longer than any row of backticks in it. */
function again(result: RunResult): string[] {
  const command = reproduceCommand(result);
  if (command === undefined) return [];
  const text = escapeTerminal(command);
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return folded('How to reproduce', [`${fence}sh`, text, fence]);
}
