import { formatCount, formatLatency, type RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import {
  describeEnd,
  describeIterations,
  describeModel,
  describeTarget,
  describeTraffic,
} from '../view/sentences.ts';
import { STATUS_SYMBOLS, VERDICT_WORDS } from '../view/status.ts';
import { INDENT, bullet, type TextContext } from './context.ts';
import type { Style } from './paint.ts';
import { wrap } from './wrap.ts';

const LOOKS: Readonly<Record<RunResult['verdict']['status'], { mark: string; style: Style }>> = {
  pass: { mark: STATUS_SYMBOLS.pass, style: 'green' },
  fail: { mark: STATUS_SYMBOLS.fail, style: 'red' },
  'not-valid': { mark: '!', style: 'yellow' },
};

/** The first lines (target, traffic, response times) are in normal style; the other facts are dimmed. */
const FACTS_IN_FULL = 3;

/**
 * Most reasons shown, in the order of the document: first what makes the run not valid, then thresholds, then
 * objectives.
 */
const MOST_REASONS = 8;

/** The verdict with its reasons, then facts about target and traffic. */
export function verdictSection(result: RunResult, context: TextContext): string[] {
  const { paint, width } = context;
  const { mark, style } = LOOKS[result.verdict.status];
  const headline = paint(`${mark} ${VERDICT_WORDS[result.verdict.status]}`, 'bold', style);
  const shown = result.verdict.reasons.slice(0, MOST_REASONS);
  const hidden = result.verdict.reasons.length - shown.length;
  const reasons = [
    ...shown.map(({ text }) => escapeTerminal(text)),
    ...(hidden > 0 ? [`and ${formatCount(hidden)} more (in result.json)`] : []),
  ].flatMap((text) => bullet(context, ' -', text));
  const { kind, reason } = result.run.end;
  const end = reason === undefined || kind === 'completed' ? '' : ` (${reason})`;
  const facts = [
    escapeTerminal(`${describeTarget(result)} · ${describeEnd(result)}${end}`),
    describeTraffic(result),
    responseLine(result),
    describeIterations(result),
    describeModel(result),
  ];
  const lines = facts.flatMap((fact, index) =>
    wrap(fact, width - INDENT.length).map(
      (line) => INDENT + (index < FACTS_IN_FULL ? line : paint(line, 'dim')),
    ),
  );
  return ['', `${INDENT}${headline}`, ...reasons, '', ...lines];
}

function responseLine(result: RunResult): string {
  const { percentiles, maxMs, count } = result.totals.responseTime;
  if (count === 0) return `no response times · ${mostUsers(result)}`;
  return [
    `response time p50 ${formatLatency(percentiles.p50)}`,
    `p95 ${formatLatency(percentiles.p95)}`,
    `p99 ${formatLatency(percentiles.p99)}`,
    `max ${formatLatency(maxMs)}`,
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
