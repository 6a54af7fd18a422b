import { formatCount, formatNumber, formatShare } from '../format/number.ts';
import type { GeneratorHealth, MachineHealth } from '../document/schema.ts';

/**
 * Share of the run that loud seconds can have taken from a thread, above which a run says that the machine was short of
 * processor time. On some hosts every wake-up waits a little: 15 to 45 % of the wanted time on an idle machine, but
 * only a few per cent of the run.
 */
const MATTERS_SHARE = 0.1;
/** Stolen time is mentioned from this share on. */
const MENTION_STEAL_SHARE = 0.02;

/** Most machines of a merged run that one sentence describes. */
const MOST_DESCRIBED = 2;

type Machines = Pick<GeneratorHealth, 'machine' | 'machines' | 'machineCpuShare'>;

/** A machine of a run that is known. */
interface KnownMachine {
  /** null: the run is not a merged one. */
  readonly part: string | null;
  readonly machine: MachineHealth;
  readonly machineCpuShare: number | null;
}

/** The machines of a run of which something is known: one, or those of the parts of a merged run. */
function knownMachines({ machine, machines, machineCpuShare }: Machines): readonly KnownMachine[] {
  const all = machines ?? [{ part: null, machine, machineCpuShare }];
  return all.flatMap(({ machine: known, ...rest }) => (known === null ? [] : [{ ...rest, machine: known }]));
}

/** Machines so short of processor time that the document says so, the one with the largest lost share first. */
export function shortMachines(health: Machines): readonly KnownMachine[] {
  return knownMachines(health)
    .filter(({ machine }) => machine.seconds > 0 && (machine.lostShare ?? 0) > MATTERS_SHARE)
    .toSorted((a, b) => (b.machine.lostShare ?? 0) - (a.machine.lostShare ?? 0));
}

/**
 * A sentence with figures on machines that were short of processor time, of a merged run at most two, with their parts; `undefined`
 * if none was, or none is known.
 */
export function machineSentence(health: Machines): string | undefined {
  const short = shortMachines(health);
  return short.length === 0 ? undefined : described(short);
}

/** The figures of {@link machineSentence}, however small they are; empty where nothing is known. */
export function machineFigures(health: Machines): string {
  return described(loudMachines(health));
}

/** Machines with a second of much waiting, all that are known where none had one; the one with most such seconds first. */
export function loudMachines(health: Machines): readonly KnownMachine[] {
  const known = knownMachines(health);
  const loud = known.filter(({ machine }) => machine.loudSeconds > 0);
  return (loud.length > 0 ? loud : known).toSorted((a, b) => b.machine.loudSeconds - a.machine.loudSeconds);
}

function described(machines: readonly KnownMachine[]): string {
  const texts = machines.slice(0, MOST_DESCRIBED).map((each) => figuresOf(each));
  const more = machines.length - texts.length;
  return [
    ...texts,
    ...(more > 0 ? [`and ${formatCount(more)} more ${more === 1 ? 'part' : 'parts'}`] : []),
  ].join('; ');
}

function figuresOf({ part, machine, machineCpuShare }: KnownMachine): string {
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
    `the machine${part === null ? '' : ` of ${part}`} was short of processor time in ${formatCount(machine.loudSeconds)} of ${formatCount(machine.seconds)} s: ` +
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
