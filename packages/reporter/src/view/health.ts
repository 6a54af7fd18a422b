import {
  formatBytes,
  formatCount,
  formatLatency,
  formatNumber,
  formatShare,
  machineFigures,
  machineSentence,
  type MachineHealth,
  type RunResult,
} from '@jarvis-load/engine/result';
import { isLimitedByMachine } from './promise.ts';

/**
 * Share of offered arrivals below which missed arrivals are significant: `LEAST_ACHIEVED` of comparisons (`obstacles.ts`) and
 * `STARTED_ALL` of findings (`generator-state.ts`) are the same. Sentences and facts of this file are unescaped: they hold names
 * of processes and parts.
 */
const ENOUGH_OF_OFFERED = 0.99;

/** Whether the generator's state may have affected the results, so that a short summary must show it. */
export function healthMatters(result: RunResult): boolean {
  const { generatorLimited, reasons, achievedOfOffered } = result.health;
  if (machineText(result) !== undefined) return true;
  return generatorLimited === true || reasons.length > 0 || (achievedOfOffered ?? 1) < ENOUGH_OF_OFFERED;
}

/** The symbol beside {@link healthSentence}. */
export function healthSign(result: RunResult): 'pass' | 'warn' | 'no-data' {
  if (healthMatters(result)) return 'warn';
  return result.health.generatorLimited === null ? 'no-data' : 'pass';
}

/** Whether the generator kept up, in one sentence. */
export function healthSentence(result: RunResult): string {
  if (result.health.generatorLimited) {
    return 'The generator was the limit: these latencies include its own delays, not only those of the target.';
  }
  const machine = machineText(result);
  if (machine !== undefined) return `${machine.charAt(0).toUpperCase()}${machine.slice(1)}.`;
  if (result.health.generatorLimited === null) {
    return 'The generator was not measured: whether it kept up is not known.';
  }
  return healthMatters(result)
    ? 'The generator was not judged to be the limit, but check these figures.'
    : 'The generator kept up.';
}

/** That the machine was short of processor time, or for however short a time where that can explain a promise that failed. */
function machineText(result: RunResult): string | undefined {
  const sentence = machineSentence(result.health);
  if (sentence !== undefined || !isLimitedByMachine(result)) return sentence;
  return machineFigures(result.health) || 'waiting for a processor can explain promises that failed';
}

/** The generator's own measurements, as pairs of name and value. */
export function healthFacts(result: RunResult): readonly (readonly [string, string])[] {
  const { health } = result;
  const facts: [string, number | null, string][] = [
    ['Event loop busy', health.eventLoopUtilization, formatShare(health.eventLoopUtilization)],
    ['Event loop delay, p99', health.eventLoopDelayMs.p99, formatLatency(health.eventLoopDelayMs.p99)],
    ['Event loop delay, max', health.eventLoopDelayMs.max, formatLatency(health.eventLoopDelayMs.max)],
    ['Pacer lag, p99', health.pacerLag.percentiles.p99, formatLatency(health.pacerLag.percentiles.p99)],
    ['Pacer lag, max', health.pacerLag.maxMs, formatLatency(health.pacerLag.maxMs)],
    ['Queue wait, p99', health.queueWait.percentiles.p99, formatLatency(health.queueWait.percentiles.p99)],
    ['Planned arrivals started', health.achievedOfOffered, formatShare(health.achievedOfOffered)],
    ['Machine CPU busy', health.machineCpuShare, formatShare(health.machineCpuShare)],
    ...machinesFacts(health),
    ['CPU', health.cpuSeconds, `${formatNumber(health.cpuSeconds)} s`],
    ['CPU per request', health.cpuMicrosPerRequest, `${formatNumber(health.cpuMicrosPerRequest)} µs`],
    ['Garbage collection', health.gcSeconds, `${formatNumber(health.gcSeconds)} s`],
    ['Peak memory', health.maxRssBytes, formatBytes(health.maxRssBytes)],
    ['Connections opened', health.connectionsOpened, String(health.connectionsOpened)],
    ['Warm-up requests, not measured', health.warmUpRequests, String(health.warmUpRequests)],
  ];
  if (health.threads.length > 1) {
    for (const { thread, eventLoopUtilization } of health.threads) {
      facts.push([`Thread ${thread} busy`, eventLoopUtilization, formatShare(eventLoopUtilization)]);
    }
  }
  return facts.filter(([, value]) => value !== null).map(([name, , text]) => [name, text]);
}

function machinesFacts({
  machine,
  machines,
  generatorLimited,
}: RunResult['health']): [string, number | null, string][] {
  // A run of k6: nothing was measured, on whatever system.
  if (machine === null && machines === undefined && generatorLimited === null) return [];
  if (machines === undefined) return machineFacts(machine);
  return machines.flatMap(({ part, machine: own }) =>
    machineFacts(own).map(([name, value, text]): [string, number | null, string] => [
      `${name}, ${part}`,
      value,
      text,
    ]),
  );
}

function machineFacts(machine: MachineHealth | null): [string, number | null, string][] {
  if (machine === null) return [['Waiting for a processor', 0, 'not available on this system']];
  const { processes, loudSeconds, seconds, pressureShare, stealShare, throttledMs } = machine;
  return [
    ...processes.map(({ name, waitShare, waitMs }): [string, number, string] => [
      `Waiting for a processor, ${name}`,
      waitMs,
      `${formatShare(waitShare)}, ${formatNumber(waitMs / 1000)} s`,
    ]),
    ['Seconds with much waiting', loudSeconds, `${formatCount(loudSeconds)} of ${formatCount(seconds)}`],
    ['CPU pressure', pressureShare, formatShare(pressureShare)],
    ['Taken by the host (steal)', stealShare, formatShare(stealShare)],
    ['Throttled by a quota', throttledMs, `${formatNumber((throttledMs ?? 0) / 1000)} s`],
  ];
}
