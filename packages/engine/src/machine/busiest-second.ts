import type { MachineSecond } from '../model/run-snapshot.ts';
import type { MachineShare } from './run-machine.ts';
import { waitingShare } from './waiting-share.ts';

/**
 * Of a merged run, what the machine did on which threads waited most for a processor: a busy machine must not disappear in the
 * sum of idle ones. `undefined`: no machine is known.
 */
export function busiestSecond(shares: readonly MachineShare[]): MachineSecond | undefined {
  const known = shares.flatMap(({ now }) => (now === null ? [] : [now.second]));
  return known.toSorted((a, b) => (waitingShare(b) ?? 0) - (waitingShare(a) ?? 0))[0];
}
