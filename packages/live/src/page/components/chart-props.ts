import type { Mark } from '../../api/run-schema.ts';
import type { Band, TimePanel } from '@jarvis-load/charts';

/** Times are seconds since the start of the run; every series has a value, or null, for each of `atSeconds`. */
export interface ChartProps {
  /** Unique on the page: names the open table of numbers and the saved picture. */
  readonly title: string;
  /** Rising. */
  readonly atSeconds: readonly number[];
  readonly panels: readonly TimePanel[];
  readonly marks?: readonly Mark[];
  /** Stages of the plan. */
  readonly bands?: readonly Band[];
}
