import type { OptionReader } from '../input/option-reader.ts';

/** Default of `maxVUs`: enough for responses that take 10 s, limited to what one engine handles easily. */
const DEFAULT_CAP_SECONDS = 10;
const DEFAULT_CAP_FEWEST = 10;
export const DEFAULT_CAP_MOST = 5000;
/** Default of `preAllocatedVUs`: enough for responses that take 100 ms. More users are created on demand. */
const DEFAULT_PREALLOCATED_SECONDS = 0.1;
const DEFAULT_PREALLOCATED_MOST = 100;

/** Default of `maxVUs` for an arrival rate: ten seconds of the highest rate, from 10 to 5000. */
export function defaultMaxVUs(highestRatePerSecond: number): number {
  return clamp(highestRatePerSecond * DEFAULT_CAP_SECONDS, DEFAULT_CAP_FEWEST, DEFAULT_CAP_MOST);
}

/**
 * `preAllocatedVUs` and `maxVUs` of an arrival-rate executor. As in k6, `maxVUs` is `preAllocatedVUs` when only that is
 * given; without either it is {@link defaultMaxVUs}.
 * @param highestRatePerSecond iterations per second at the highest point of the schedule
 * @param defaultCap `maxVUs` where neither is given
 */
export function resolveUserCaps(
  reader: OptionReader,
  highestRatePerSecond: number,
  defaultCap = defaultMaxVUs(highestRatePerSecond),
): { readonly preAllocatedVUs: number; readonly maxVUs: number } {
  const given = reader.has('preAllocatedVUs') ? reader.integer('preAllocatedVUs', 0) : undefined;
  const maxVUs = reader.integer('maxVUs', 1, given ?? defaultCap);
  if (maxVUs === 0) {
    throw reader.error(
      'preAllocatedVUs is 0 and maxVUs is not set; expected at least one user.',
      'Set maxVUs.',
    );
  }
  if (given !== undefined && maxVUs < given) {
    throw reader.error(
      `maxVUs is ${maxVUs}; expected at least preAllocatedVUs, which is ${given}.`,
      'Raise maxVUs or lower preAllocatedVUs.',
    );
  }
  const preAllocatedVUs =
    given ??
    clamp(
      highestRatePerSecond * DEFAULT_PREALLOCATED_SECONDS,
      1,
      Math.min(maxVUs, DEFAULT_PREALLOCATED_MOST),
    );
  return { preAllocatedVUs, maxVUs };
}

function clamp(users: number, fewest: number, most: number): number {
  return Math.min(Math.max(Math.ceil(users), fewest), most);
}
