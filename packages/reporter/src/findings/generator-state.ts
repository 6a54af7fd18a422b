import {
  formatCount,
  formatLatency,
  formatShare,
  loudMachines,
  shortMachines,
  type MachineHealth,
  type RunResult,
} from '@jarvis-load/engine/result';
import { isLimitedByMachine } from '../view/promise.ts';
import type { Evidence, Finding } from './finding.ts';

/** Below this share of the planned arrivals, the number that was started is a finding. */
const STARTED_ALL = 0.99;

/** That the generator was late, or started fewer arrivals than planned. */
export function generatorLate(result: RunResult): Finding[] {
  const { generatorLimited, reasons, achievedOfOffered } = result.health;
  if (generatorLimited === true) {
    return [
      {
        code: 'generator',
        text: `The generator was the limit, so these response times are also its own: ${reasons.join('; ')}.`,
        evidence: figures(result),
      },
    ];
  }
  if (achievedOfOffered !== null && achievedOfOffered < STARTED_ALL) {
    return [
      {
        code: 'generator',
        text: `Only ${formatShare(achievedOfOffered)} of the planned arrivals were started: no user was free for the others.`,
        evidence: [{ pointer: '/health/achievedOfOffered', value: achievedOfOffered }],
      },
    ];
  }
  return [];
}

/**
 * That the machine was short of processor time, for each machine of which that was measured; for however short a time where that
 * can explain a promise that failed.
 */
export function machineBusy(result: RunResult): Finding[] {
  const { machines = [] } = result.health;
  const short = shortMachines(result.health);
  const told = short.length > 0 || !isLimitedByMachine(result) ? short : loudMachines(result.health);
  return told.map(({ part, machine }) => {
    const at =
      part === null ? 'machine' : `machines/${machines.findIndex((each) => each.part === part)}/machine`;
    return {
      code: 'machine',
      text: `The machine${part === null ? '' : ` of ${part}`} was short of processor time in ${formatCount(machine.loudSeconds)} of ${formatCount(machine.seconds)} s${waiting(machine)}.`,
      evidence: [
        { pointer: `/health/${at}/loudSeconds`, value: machine.loudSeconds },
        { pointer: `/health/${at}/seconds`, value: machine.seconds },
      ],
    };
  });
}

function waiting({ processes }: MachineHealth): string {
  const [most] = processes.toSorted((a, b) => (b.waitShare ?? 0) - (a.waitShare ?? 0));
  return most === undefined || most.waitShare === null
    ? ''
    : `: the ${most.name} waited for a processor ${formatShare(most.waitShare)} of the time it had work`;
}

/** That the generator was not the cause of a problem; nothing where it was not measured, or where its machine can be the cause. */
export function generatorKeptUp(result: RunResult): Finding[] {
  const { generatorLimited, eventLoopUtilization, pacerLag } = result.health;
  if (generatorLimited !== false || eventLoopUtilization === null || isLimitedByMachine(result)) return [];
  const lag =
    pacerLag.percentiles.p99 === null
      ? ''
      : `, and started requests at most ${formatLatency(pacerLag.percentiles.p99)} late (p99)`;
  return [
    {
      code: 'generator',
      text: `The generator kept up: its event loop was ${formatShare(eventLoopUtilization)} busy${lag}.`,
      evidence: figures(result),
    },
  ];
}

function figures({ health }: RunResult): Evidence[] {
  const values: [string, number | null][] = [
    ['/health/eventLoopUtilization', health.eventLoopUtilization],
    ['/health/pacerLag/percentiles/p99', health.pacerLag.percentiles.p99],
    ['/health/eventLoopDelayMs/p99', health.eventLoopDelayMs.p99],
  ];
  return values.flatMap(([pointer, value]) => (value === null ? [] : [{ pointer, value }]));
}
