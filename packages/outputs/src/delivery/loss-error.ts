import type { Loss } from './delivery.ts';

const count = (value: number): string => value.toLocaleString('en-US');

/** What an output could not deliver. Thrown by `stop`, so that the run names it in its result. */
export class LossError extends Error {
  constructor({ lost, total, reason }: Loss, unit: string) {
    super(`${count(lost)} of ${count(total)} ${unit} lost, ${reason}`);
    this.name = 'LossError';
  }
}

/** Throws if something was lost. */
export function reportLoss(loss: Loss | undefined, unit: string): void {
  if (loss !== undefined) throw new LossError(loss, unit);
}
