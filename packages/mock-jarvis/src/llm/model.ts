import type { CapacityPool } from '../capacity/pool.ts';
import type { Batch } from './decode.ts';

/** What the requests to one model share. */
export interface Model extends Batch {
  /** Prompts that are being read. */
  readonly prefills: CapacityPool;
}
