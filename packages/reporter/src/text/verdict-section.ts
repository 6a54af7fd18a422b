import {
  formatCount,
  formatLatency,
  type PercentileValues,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import type { Finding } from '../findings/finding.ts';
import { whatHappened } from '../findings/what-happened.ts';
import { headline } from '../view/headline.ts';
import { describeLoadChanges } from '../view/load-changes.ts';
import { reasonsOf } from '../view/reasons.ts';
import { percentileMark } from '../view/percentile-mark.ts';
import { inOneLine } from '../view/result-in-words.ts';
import {
  describeEnd,
  describeIterations,
  describeModel,
  describeTarget,
  describeTraffic,
} from '../view/sentences.ts';
import { STATUS_SYMBOLS, VERDICT_WORDS } from '../view/status.ts';
import { INDENT, bullet, section, type TextContext } from './context.ts';
import type { Style } from './paint.ts';
import { wrap } from './wrap.ts';

const LOOKS: Readonly<Record<RunResult['verdict']['status'], { mark: string; style: Style }>> = {
  pass: { mark: STATUS_SYMBOLS.pass, style: 'green' },
  fail: { mark: STATUS_SYMBOLS.fail, style: 'red' },
  'not-valid': { mark: '!', style: 'yellow' },
};

/** The first lines (target, traffic, response times) are in normal style; the other facts are dimmed. */
const FACTS_IN_FULL = 3;

/** The verdict in a sentence and with its reasons, what happened, then facts about target and traffic. */
export function verdictSection(result: RunResult, context: TextContext): string[] {
  const { paint, width } = context;
  const findings = whatHappened(result);
  const story = findings.flatMap(({ text }) => bullet(context, ' -', escapeTerminal(text)));
  const { kind, reason } = result.run.end;
  const end = reason === undefined || kind === 'completed' ? '' : ` (${reason})`;
  const facts = [
    `${describeTarget(result)} · ${describeEnd(result)}${end}`,
    describeTraffic(result),
    responseLine(result),
    describeIterations(result),
    describeLoadChanges(result),
    describeModel(result),
  ];
  const lines = facts.flatMap((fact, index) =>
    wrap(escapeTerminal(fact), width - INDENT.length).map(
      (line) => INDENT + (index < FACTS_IN_FULL ? line : paint(line, 'dim')),
    ),
  );
  return [
    '',
    ...verdictLines(result, context, findings),
    ...section(context, 'WHAT HAPPENED', story),
    '',
    ...lines,
  ];
}

/**
 * The verdict in a word, a sentence and at most five reasons.
 *
 * @param findings what the caller prints below WHAT HAPPENED, so that it is not told twice; [] where it prints none
 */
export function verdictLines(
  result: RunResult,
  context: TextContext,
  findings: readonly Finding[],
): string[] {
  const { paint, width } = context;
  const { mark, style } = LOOKS[result.verdict.status];
  const word = paint(`${mark} ${VERDICT_WORDS[result.verdict.status]}`, 'bold', style);
  const { shown, more } = reasonsOf(result, findings);
  const reasons = [
    ...shown.map((reason) => escapeTerminal(inOneLine(reason))),
    ...(more.length > 0 ? [`and ${formatCount(more.length)} more (in the report)`] : []),
  ].flatMap((text) => bullet(context, ' -', text));
  const sentence = wrap(`${escapeTerminal(headline(result))}.`, width - INDENT.length);
  return [`${INDENT}${word}`, ...sentence.map((line) => INDENT + paint(line, 'bold')), ...reasons];
}

function responseLine(result: RunResult): string {
  const stats = result.totals.responseTime;
  if (stats.count === 0) return `no response times · ${mostUsers(result)}`;
  const quantile = (key: keyof PercentileValues): string =>
    `${key} ${percentileMark(stats, key)}${formatLatency(stats.percentiles[key])}`;
  return [
    `response time ${quantile('p50')}`,
    quantile('p95'),
    quantile('p99'),
    `max ${formatLatency(stats.maxMs)}`,
    mostUsers(result),
  ].join(' · ');
}

/** Highest number of concurrent users as text. */
function mostUsers(result: RunResult): string {
  const seen = [
    ...result.series.points.map(({ users }) => users),
    ...result.scenarios.map(({ maxUsers }) => maxUsers),
  ].filter((users) => users !== null);
  return seen.length === 0 ? 'number of users not known' : `at most ${formatCount(Math.max(...seen))} users`;
}
