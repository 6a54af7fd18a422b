import type { PercentileValues, RunResult } from '@jarvis-load/engine/result';
import { formatTimestamp } from '../format/time.ts';
import { healthFacts, healthSentence, healthSign } from '../view/health.ts';
import { reproduceCommand } from '../view/reproduce.ts';
import {
  describeEnd,
  describeIterations,
  describeModel,
  describeTarget,
  describeTraffic,
} from '../view/sentences.ts';
import { markSentences } from '../view/percentile-mark.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { chartSections } from './sections/charts.ts';
import { errorsTable, exceptionsTable } from './sections/errors-table.ts';
import { environmentFacts, keyFigures } from './sections/facts.ts';
import { objectivesMatrix } from './sections/objectives-matrix.ts';
import { operationsTable } from './sections/operations-table.ts';
import { checksTable, metricsTable, scenariosTable } from './sections/other-tables.ts';
import { percentilesTable } from './sections/percentiles-table.ts';
import { thresholdsTable } from './sections/thresholds-table.ts';

type PercentileKey = keyof PercentileValues;

/** Data of the template, fully formatted: the template computes nothing. */
export function createPage(result: RunResult) {
  return {
    title: `${VERDICT_WORDS[result.verdict.status]} · ${result.target.name} · ${formatTimestamp(result.run.startedAt)}`,
    verdict: {
      status: result.verdict.status,
      word: VERDICT_WORDS[result.verdict.status],
      reasons: result.verdict.reasons.map(({ text }) => text),
      target: describeTarget(result),
      end: [
        describeEnd(result),
        ...(result.run.end.reason === undefined ? [] : [result.run.end.reason]),
      ].join(': '),
      started: formatTimestamp(result.run.startedAt),
      traffic: describeTraffic(result),
    },
    notes: result.notes.toSorted((a, b) => Number(b.level === 'warning') - Number(a.level === 'warning')),
    thresholds: thresholdsTable(result),
    objectives: objectivesMatrix(result.objectives),
    figures: keyFigures(result),
    model: describeModel(result),
    iterations: describeIterations(result),
    operations: operationsTable(result),
    errors: errorsTable(result),
    errorsNotKept: result.errorsNotKept,
    exceptions: exceptionsTable(result),
    charts: chartSections(result),
    percentiles: percentilesTable(result),
    checks: checksTable(result),
    metrics: metricsTable(result),
    scenarios: scenariosTable(result),
    health: {
      sign: healthSign(result),
      sentence: healthSentence(result),
      reasons: result.health.reasons,
      facts: healthFacts(result),
    },
    environment: environmentFacts(result),
    command: reproduceCommand(result),
    config: JSON.stringify(result.config, null, 2),
    marks: markSentences(
      result.operations,
      Object.keys(result.totals.responseTime.percentiles) as PercentileKey[],
    ).join(' '),
  };
}
