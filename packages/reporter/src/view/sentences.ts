/** Sentences about a run. Those about target and model hold names of target and scenarios, unescaped: the view escapes them. */
import {
  formatCount,
  formatNumber,
  formatShare,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { formatDuration } from '../format/time.ts';

/** Traffic of the run in one line: requests, rate, failures, 429. */
export function describeTraffic(result: RunResult): string {
  const { totals } = result;
  if (totals.requests === 0 && result.operations.length === 0 && result.generator.engine === 'k6')
    return 'no HTTP requests';
  const refused = totals.outcomes.rate_limited;
  return [
    `${formatCount(totals.requests)} requests`,
    `${formatNumber(totals.requestsPerSecond)}/s`,
    ...(totals.failureShare === null ? [] : [`${formatShare(totals.failureShare)} failed`]),
    ...(areFailuresUnknown(totals) ? ['failures not known'] : []),
    ...(refused > 0 ? [`${formatShare(totals.rateLimitedShare)} rate limited (429)`] : []),
  ].join(' · ');
}

/** Whether nothing says how many of the requests failed, as in a summary of k6 whose script judges none. */
export function areFailuresUnknown({
  requests,
  failureShare,
}: Pick<OperationStats, 'requests' | 'failureShare'>): boolean {
  return requests > 0 && failureShare === null;
}

/** Target name, address and dialect; the protocol if it is not the default. */
export function describeTarget(result: RunResult): string {
  const { name, url, dialect, protocol } = result.target;
  return [
    ...new Set([name, url]),
    ...(dialect === undefined ? [] : [`${dialect} contract`]),
    ...(protocol === 'HTTP/2' ? [protocol] : []),
  ].join(' · ');
}

/** Duration, and whether the run reached its planned end. */
export function describeEnd(result: RunResult): string {
  const { end, durationMs, plannedDurationMs, pausedMs } = result.run;
  const paused = pausedMs !== null && pausedMs > 0 ? `, ${formatDuration(pausedMs)} of it paused` : '';
  const took = `${formatDuration(durationMs)}${paused}`;
  if (end.kind === 'completed') return took;
  const planned =
    plannedDurationMs !== null && plannedDurationMs > durationMs
      ? ` of ${formatDuration(plannedDurationMs)} planned`
      : '';
  // A run without an end of its own ends by being stopped.
  const endless =
    plannedDurationMs === null &&
    result.scenarios.some(({ executor }) => executor['kind'] === 'externally-controlled');
  const words = endless && end.kind === 'stopped' ? 'stopped' : END_WORDS[end.kind];
  return `${took}${planned}, ${words}`;
}

const END_WORDS = {
  stopped: 'stopped early',
  aborted: 'aborted',
  threshold: 'ended by a threshold',
  'circuit-breaker': 'ended by the circuit breaker',
  'setup-failed': 'setup failed',
  error: 'ended by an error',
  interrupted: 'interrupted',
} as const satisfies Record<Exclude<RunResult['run']['end']['kind'], 'completed'>, string>;

/** Explains what the latencies mean in the model in use, open or closed. */
export function describeModel(result: RunResult): string {
  const models = new Set(result.scenarios.map(({ model }) => model));
  // The engine's own note is more detailed: it contains the longest stall of each closed scenario.
  if (!models.has('open') && result.notes.some(({ code }) => code === 'closed-model')) return '';
  const open =
    'iterations start by a schedule, and response times count from the scheduled start, waiting included';
  const closed =
    'a user sends its next request only after the last response, so a slow target receives fewer requests; response times count from sending';
  if (models.has('open') && models.has('closed')) {
    const named = (model: 'open' | 'closed') =>
      result.scenarios
        .filter((scenario) => scenario.model === model)
        .map(({ name }) => name)
        .join(', ');
    return `Two models. Open (${named('open')}): ${open}. Closed (${named('closed')}): ${closed}.`;
  }
  if (models.has('open')) return `Open model: ${open}.`;
  return models.has('closed') ? `Closed model: ${closed}.` : '';
}

/** Counts of all planned iterations by outcome. */
export function describeIterations(result: RunResult): string {
  const { planned, completed, failed, dropped, interrupted } = result.iterations;
  const parts = [
    `${formatCount(completed)} completed`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(dropped > 0 ? [`${formatCount(dropped)} dropped`] : []),
    ...(interrupted === null
      ? ['interrupted not known']
      : interrupted > 0
        ? [`${formatCount(interrupted)} interrupted`]
        : []),
  ];
  return `${formatCount(planned)} planned iterations: ${parts.join(', ')}`;
}
