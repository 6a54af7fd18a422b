import type { CapacityReport } from '@jarvis-load/capacity';
import { loadAssets } from '../html/assets.ts';
import { contentPolicy } from '../html/content-policy.ts';
import { formatTimestamp } from '../format/time.ts';
import { capacityCharts } from './capacity-charts.ts';
import { answerSentences, furtherSentences } from './capacity-sentences.ts';
import { hasStreams, stepRow } from './step-rows.ts';

/**
 * The report as one HTML file without scripts and network requests. Each step links `<run id>/report.html`: the caller writes
 * this file into the folder that holds the folders of the runs. Texts are unescaped up to the template, which escapes them.
 * @throws {ReporterError} `assets_missing` when the package has not been built
 */
export function renderCapacityHtml(report: CapacityReport): string {
  const { style, capacityTemplate } = loadAssets();
  const { rounds, unit, mode, target, scenarios } = report;
  const title = mode === 'sweep' ? 'Sweep' : 'Capacity';
  const html = capacityTemplate({
    style,
    policy: contentPolicy(style),
    title,
    status: statusOf(report),
    answers: answerSentences(report),
    further: furtherSentences(report),
    context: `${target.name === target.url ? target.url : `${target.name}, ${target.url}`} · ${scenarios.join(', ')} · ${formatTimestamp(report.startedAt)}`,
    charts: capacityCharts(report),
    hasStreams: hasStreams(report),
    steps: rounds.flatMap(({ steps }) =>
      steps.map((step) => ({
        ...stepRow(step, unit),
        sign: step.status === 'pass' ? 'pass' : step.status === 'fail' ? 'fail' : 'warn',
        href: step.runId === null ? undefined : hrefOf(step.runId),
      })),
    ),
  });
  return `${html.trim()}\n`;
}

/** A sweep asks for no answer. A search that was ended before its answer tells nothing: that is no pass, and no failure of the target. */
function statusOf({ rounds, mode }: CapacityReport): 'pass' | 'warn' | 'fail' {
  const answers = rounds.map(({ answer }) => answer);
  if (answers.some((answer) => answer !== null && !['found', 'at-least'].includes(answer.kind)))
    return 'fail';
  return mode === 'search' && answers.includes(null) ? 'warn' : 'pass';
}

/** The id of a run is a name of a folder. Half characters have no URL. */
function hrefOf(runId: string): string {
  return `${encodeURIComponent(runId.replaceAll(/\p{Surrogate}/gu, '\ufffd'))}/report.html`;
}
