import { EngineError } from '@jarvis-load/engine';
import { splitThreshold } from '@jarvis-load/engine/result';
import { Type } from '@jarvis-load/engine/typebox';
import { usageError } from '../cli-error.ts';
import type { FlagKind, SourceName } from './flag.ts';

/** Thresholds by metric, in the engine's format. Here they are only split: `refuseUnfitThresholds` checks the expressions. */
export type ThresholdMap = Readonly<Record<string, readonly string[]>>;

const EXPECTED =
  'metric:expression such as chat_latency:p(95)<300 or http_req_duration{operation:chat.send}:p(99)<1s; ' +
  'a latency expression alone such as p(95)<500 is about http_req_duration';

/** Splits one `--threshold`. */
function parseThreshold(value: string, source: SourceName): readonly [string, string] {
  // `p95<300` is the syntax of other tools: report it, because p95 is not a metric here.
  const short = /^\s*(?:[\w.]+\s*:\s*)?p(\d+(?:\.\d+)?)\s*([<>=!].*)$/.exec(value);
  if (short !== null)
    throw usageError(
      'threshold',
      `${source}: "${value}" is no threshold`,
      `did you mean "${value.trim().replace(/\bp\d+(\.\d+)?(?=\s*[<>=!])/, `p(${short[1]})`)}"?`,
    );
  const named = splitNamed(value, source);
  if (named !== undefined && named[1] !== '') return named;
  if (/^\s*(p\s*\(|avg|mean|med|min|max)/.test(value)) return ['http_req_duration', value.trim()];
  throw usageError('threshold', `${source}: "${value}" is no threshold`, EXPECTED);
}

function splitNamed(value: string, source: SourceName): readonly [string, string] | undefined {
  try {
    return splitThreshold(value);
  } catch (error) {
    if (error instanceof EngineError) throw usageError('threshold', `${source}: ${error.message}`);
    throw error;
  }
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
      // A Map, because a plain object has inherited keys such as `constructor`.
      const byMetric = new Map<string, string[]>();
      for (const value of texts) {
        const [metric, expression] = parseThreshold(value, source);
        byMetric.set(metric, [...(byMetric.get(metric) ?? []), expression]);
      }
      return Object.fromEntries(byMetric);
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
