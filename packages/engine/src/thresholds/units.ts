/** How many milliseconds one of these is. */
const TIME: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** How many bytes one of these is. */
const DATA: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/**
 * Factor that converts a written unit to the unit of the metric: 1000 for `s` to `ms`. `undefined` if they are
 * incompatible, such as `ms` for a share. The product may have the error of a floating-point multiplication: callers round it. A
 * new spelling has to be one that `parse-expression.ts` reads.
 */
export function unitFactor(written: string, measuredIn: string): number | undefined {
  if (written === '') return 1;
  switch (measuredIn) {
    case 'ms':
      return own(TIME, written);
    case 's': {
      const ms = own(TIME, written);
      return ms === undefined ? undefined : ms / 1000;
    }
    case 'share':
      return written === '%' ? 0.01 : undefined;
    case 'bytes':
      return own(DATA, written);
    case 'bytes per second':
      return own(DATA, written.replace(/\/s$/, ''));
    case 'per second':
      return written === '/s' ? 1 : undefined;
    default:
      return undefined;
  }
}

/** The units that may be written for a quantity, for error messages. */
export function unitsFor(measuredIn: string): string {
  switch (measuredIn) {
    case 'ms':
    case 's':
      return 'us, ms, s, m, h';
    case 'share':
      return '%';
    case 'bytes':
    case 'bytes per second':
      return Object.keys(DATA).join(', ');
    case 'per second':
      return '/s';
    default:
      return 'no unit';
  }
}

function own(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
