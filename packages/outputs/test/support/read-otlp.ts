import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Values of a field of a protobuf message, by its path of field numbers from the outermost message. */
function valuesAt(
  message: Uint8Array,
  [field, ...rest]: readonly number[],
): readonly (Uint8Array | bigint)[] {
  const found: (Uint8Array | bigint)[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number !== field) reader.skip(type);
    else if (type === WireType.LengthDelimited) found.push(reader.bytes());
    else if (type === WireType.Bit64) found.push(BigInt(reader.fixed64()));
    else reader.skip(type);
  }
  if (rest.length === 0) return found;
  return found.flatMap((value) => (typeof value === 'bigint' ? [] : valuesAt(value, rest)));
}

/** `resource_metrics`, `scope_metrics`, `metrics` of an `ExportMetricsServiceRequest`. */
const METRICS = [1, 2, 2];
const NAME = [1];
/** `sum`, `data_points` of a `Metric`. */
const POINTS = [7, 1];
const TIME = [3];
const AS_DOUBLE = [4];

/** A counter in an OTLP request over all its attributes: its value, and the time of its points in nanoseconds. */
export function readOtlpCounter(
  request: Uint8Array,
  counter: string,
): { readonly value: number; readonly time: bigint } {
  const metric = valuesAt(request, METRICS).find(
    (each) => typeof each !== 'bigint' && valuesAt(each, NAME).some((name) => textOf(name) === counter),
  );
  if (metric === undefined || typeof metric === 'bigint') throw new Error(`no ${counter} in the request`);
  const doubles = valuesAt(metric, [...POINTS, ...AS_DOUBLE]).map(asDouble);
  const [time] = valuesAt(metric, [...POINTS, ...TIME]);
  return {
    value: doubles.reduce((sum, value) => sum + value, 0),
    time: typeof time === 'bigint' ? time : -1n,
  };
}

function textOf(bytes: Uint8Array | bigint): string {
  return typeof bytes === 'bigint' ? '' : Buffer.from(bytes).toString('utf8');
}

function asDouble(bits: Uint8Array | bigint): number {
  return typeof bits === 'bigint' ? new Float64Array(new BigUint64Array([bits]).buffer)[0]! : Number.NaN;
}
