import { formatNumber, formatShare } from '../format/number.ts';
import type { GeneratorHealth, MachineHealth } from '../document/schema.ts';

/**
 * Share of the run that loud seconds can have taken from a thread, above which a run says that the machine was short of
 * processor time. On some hosts every wake-up waits a little: 15 to 45 % of the wanted time on an idle machine, but
 * only a few per cent of the run.
 */
const MATTERS_SHARE = 0.1;
/** Other figures are told where they say something. */
const MENTION_STEAL_SHARE = 0.02;

/**
 * What the machine did to the run, in one sentence with figures; `undefined` where it did nothing that matters, or
 * nothing is known of it.
 */
export function machineSentence(
  health: Pick<GeneratorHealth, 'machine' | 'machineCpuShare'>,
): string | undefined {
  const { machine } = health;
  if (machine === null || machine.seconds === 0) return undefined;
  return (machine.lostShare ?? 0) > MATTERS_SHARE ? machineFigures(health) : undefined;
}

/** The figures of {@link machineSentence}, however small they are; empty where nothing is known. */
export function machineFigures(health: Pick<GeneratorHealth, 'machine' | 'machineCpuShare'>): string {
  const { machine, machineCpuShare } = health;
  if (machine === null) return '';
  const { pressureShare, stealShare, throttledMs } = machine;
  const more = [
    ...(machineCpuShare === null ? [] : [`its processors were ${formatShare(machineCpuShare)} busy`]),
    ...(pressureShare === null ? [] : [`CPU pressure was ${formatShare(pressureShare)}`]),
    ...(stealShare !== null && stealShare >= MENTION_STEAL_SHARE
      ? [`its host took ${formatShare(stealShare)}`]
      : []),
    ...(throttledMs !== null && throttledMs >= 1
      ? [`a quota held us for ${formatNumber(throttledMs / 1000)} s`]
      : []),
  ];
  return (
    `the machine was short of processor time in ${machine.loudSeconds} of ${machine.seconds} s: ` +
    [waitedTexts(machine), ...more].join('; ')
  );
}

function waitedTexts({ processes }: MachineHealth): string {
  const texts = processes.map(
    ({ name, waitShare, waitMs, runMs }) =>
      `the ${name} waited for a processor ${formatShare(waitShare)} of the time it had work ` +
      `(${formatNumber(waitMs / 1000)} s beside ${formatNumber(runMs / 1000)} s of running)`,
  );
  return texts.join(', ');
}
