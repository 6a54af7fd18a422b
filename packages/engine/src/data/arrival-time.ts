const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** A moment of a file of arrivals. */
export interface ArrivalTime {
  /** `offset`: from the start of the load; `date`: from the epoch. */
  readonly kind: 'offset' | 'date';
  /** Milliseconds: the whole seconds of a date, all of an offset. */
  readonly ms: number;
  /** Milliseconds of a date within its second: kept apart, as the sum would have fewer digits. */
  readonly fractionMs: number;
}

/**
 * Reads a time: a number, or an ISO 8601 date-time, in UTC where it has no zone.
 * @param unitMs milliseconds of a number's unit
 * @returns undefined for anything else
 */
export function readArrivalTime(value: unknown, unitMs: number): ArrivalTime | undefined {
  if (typeof value === 'number') return offset(value, unitMs);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (NUMBER.test(text)) return offset(Number(text), unitMs);
  const [, day, clock, fraction = '0', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  if (day === undefined || clock === undefined) return undefined;
  const ms = Date.parse(`${day}T${clock}${zoneOf(zone)}`);
  return Number.isNaN(ms) ? undefined : { kind: 'date', ms, fractionMs: Number(fraction) * 1000 };
}

function offset(value: number, unitMs: number): ArrivalTime | undefined {
  return Number.isFinite(value) ? { kind: 'offset', ms: value * unitMs, fractionMs: 0 } : undefined;
}

/** As `Date.parse` reads it: `+02`, `+0200` and `+02:00` are the same. */
function zoneOf(zone: string): string {
  if (zone.toUpperCase() === 'Z') return 'Z';
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}
