import { Type } from 'typebox';
import { usageError } from '../cli-error.ts';
import type { FlagKind, SourceName } from './flag.ts';

/** Thresholds by metric, as the engine takes them. */
export type ThresholdMap = Readonly<Record<string, readonly string[]>>;

const EXPECTED =
  'metric:expression such as chat_latency:p(95)<300 or http_req_duration{operation:chat.send}:p(99)<1s; ' +
  'a latency expression alone such as p(95)<500 is about http_req_duration';

/**
 * Splits one `--threshold`. A selector may hold colons, so the metric ends at the colon after its closing brace.
 */
function parseThreshold(value: string, source: SourceName): readonly [string, string] {
  const named = /^\s*([A-Za-z_][\w.]*\s*(?:\{[^}]*\})?)\s*:\s*(\S.*)$/.exec(value);
  if (named !== null) return [(named[1] ?? '').replace(/\s+(?=\{)|\s+$/g, ''), (named[2] ?? '').trim()];
  if (/^\s*(p\s*\(|avg|mean|med|min|max)/.test(value)) return ['http_req_duration', value.trim()];
  throw usageError('threshold', `${source}: "${value}" is no threshold`, EXPECTED);
}

/** `metric:expression`, repeated. */
export function thresholds(): FlagKind<ThresholdMap> {
  return {
    placeholder: '<metric:expression>',
    repeatable: true,
    schema: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]),
    ),
    fromText: (texts, source) => {
      const byMetric: Record<string, string[]> = {};
      for (const value of texts) {
        const [metric, expression] = parseThreshold(value, source);
        (byMetric[metric] ??= []).push(expression);
      }
      return byMetric;
    },
    fromConfig: (value) =>
      Object.fromEntries(
        Object.entries(value as Record<string, string | readonly string[]>).map(([metric, expressions]) => [
          metric,
          typeof expressions === 'string' ? [expressions] : expressions,
        ]),
      ),
  };
}
