/**
 * The data of the report's template.
 *
 * Must hold:
 * - Values are formatted here; texts are unescaped, as the template escapes them. Only the markup and the tables of charts are
 *   inserted as they are.
 * - The members are read by `templates/report.ejs` and the partials that get the whole page (`top`, `story`, `errors`), whose
 *   names no compiler checks: both are changed together.
 */
import type { Comparison } from '@jarvis-load/compare';
import type { PercentileValues, RunResult } from '@jarvis-load/engine/result';
import { Arrows } from '../comparison/arrow.ts';
import { whatHappened } from '../findings/what-happened.ts';
import { formatTimestamp } from '../format/time.ts';
import { headline } from '../view/headline.ts';
import { healthFacts, healthSentence, healthSign } from '../view/health.ts';
import { otherErrors } from '../view/other-errors.ts';
import { doubtSentences } from '../view/percentile-mark.ts';
import { reproduceCommand } from '../view/reproduce.ts';
import { describeEnd, describeIterations, describeModel, describeTarget } from '../view/sentences.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { reasonsOf } from '../view/reasons.ts';
import { tracesSentence } from '../view/traces.ts';
import { titleOf } from '../view/title.ts';
import { checksTables } from './sections/checks-tables.ts';
import { errorsTable, exceptionsTable } from './sections/errors-table.ts';
import { environmentFacts } from './sections/facts.ts';
import { furtherFigures, keyFigures } from './sections/key-figures.ts';
import { loadCharts } from './sections/load-charts.ts';
import { metricsTables } from './sections/metrics-tables.ts';
import { operationCharts } from './sections/operation-charts.ts';
import { operationsTable } from './sections/operations-table.ts';
import { overTimeCharts, overviewChart } from './sections/over-time.ts';
import { percentileCurves } from './sections/percentile-curves.ts';
import { percentilesTable } from './sections/percentiles-table.ts';
import { promisesTables } from './sections/promises-table.ts';
import { scenariosTable } from './sections/scenarios-table.ts';
import { tracesTable } from './sections/traces-table.ts';
import { streamsView } from './sections/streams.ts';
import { tagsTable } from './sections/tags-table.ts';

type PercentileKey = keyof PercentileValues;

/** @param comparison of this run with a baseline */
export function createPage(result: RunResult, comparison?: Comparison) {
  const arrows = new Arrows(comparison);
  const findings = whatHappened(result);
  const { status } = result.verdict;
  return {
    title: titleOf(result),
    pageTitle: `${VERDICT_WORDS[status]} · ${titleOf(result)} · ${formatTimestamp(result.run.startedAt)}`,
    tags: Object.entries(result.run.tags),
    verdict: { status, word: VERDICT_WORDS[status], sentence: headline(result), context: contextOf(result) },
    figures: keyFigures(result, arrows),
    compared: arrows.sentence,
    further: furtherFigures(result),
    overview: overviewChart(result),
    findings: findings.map(({ text }) => text),
    reasons: reasonsOf(result, findings),
    notes: {
      warnings: result.notes.filter(({ level }) => level === 'warning').map(({ text }) => text),
      remarks: result.notes.filter(({ level }) => level === 'info').map(({ text }) => text),
    },
    promises: promisesTables(result, arrows),
    operations: operationsTable(result, arrows),
    streams: streamsView(result),
    byTag: tagsTable(result),
    operationCharts: operationCharts(result),
    marks: doubtSentences(
      [...result.operations, result.totals],
      Object.keys(result.totals.responseTime.percentiles) as PercentileKey[],
    ),
    errors: errorsTable(result),
    errorsNotKept: result.errorsNotKept === 0 ? '' : otherErrors(result.errorsNotKept),
    exceptions: exceptionsTable(result),
    traces: { table: tracesTable(result), sentence: tracesSentence(result) },
    overTime: overTimeCharts(result),
    percentileCurves: percentileCurves(result),
    percentiles: percentilesTable(result, arrows),
    loadCharts: loadCharts(result),
    checks: checksTables(result),
    metrics: metricsTables(result),
    model: describeModel(result),
    iterations: describeIterations(result),
    health: {
      sign: healthSign(result),
      sentence: healthSentence(result),
      reasons: result.health.reasons,
      facts: healthFacts(result),
    },
    scenarios: scenariosTable(result),
    environment: environmentFacts(result),
    command: reproduceCommand(result),
    config: JSON.stringify(result.config, null, 2),
  };
}

function contextOf(result: RunResult): string[] {
  const { reason } = result.run.end;
  return [
    describeTarget(result),
    `${formatTimestamp(result.run.startedAt)} · ${describeEnd(result)}${reason === undefined ? '' : `: ${reason}`}`,
  ];
}
