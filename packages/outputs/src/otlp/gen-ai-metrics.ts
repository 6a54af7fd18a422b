import { isFailure, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart, RunInfo } from '@jarvis-load/engine';
import { BucketCounts } from '../metrics/bucket-counts.ts';
import { FamilySet } from '../metrics/family.ts';
import { labelsOfRun } from '../metrics/labels-of-run.ts';
import { secondsDescriptor, serverAttributes, type ConventionMetric } from './convention-metric.ts';

/** Bounds in seconds that the GenAI conventions advise: 0.01, 0.02, 0.04 ... 81.92. */
const BOUNDS: readonly number[] = Array.from({ length: 14 }, (_, power) => (2 ** power * 10) / 1000);

/** As they advise for tokens: 1, 4, 16 ... 67,108,864. */
const TOKEN_BOUNDS: readonly number[] = Array.from({ length: 14 }, (_, power) => 4 ** power);

const TOKENS = 'gen_ai.client.token.usage';
const DURATION = 'gen_ai.client.operation.duration';
const STREAM_TIMES = {
  'gen_ai.client.operation.time_to_first_chunk': ['ttftSent', 'Time to receive the first chunk.'],
  'gen_ai.client.operation.time_per_output_chunk': ['gap', 'Time between two chunks after the first one.'],
} as const;
type StreamTimeName = keyof typeof STREAM_TIMES;
const STREAM_TIME_NAMES = Object.keys(STREAM_TIMES) as readonly StreamTimeName[];

/**
 * The GenAI metrics of OpenTelemetry (status Development), for operations whose responses are streamed. As the conventions
 * have it, they count from the send. Tokens are those that the server counted: there are none without its count. `add` gets each
 * second once.
 */
export class GenAiMetrics {
  readonly #set: FamilySet;
  readonly #attributes: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly #buckets = new Map<string, BucketCounts>();

  constructor(run: RunInfo) {
    this.#set = new FamilySet(labelsOfRun(run));
    this.#attributes = new Map(
      run.operations.flatMap(({ scenario, operation, route, stream, tags }) =>
        stream === undefined
          ? []
          : [
              [
                `${scenario}\n${operation}`,
                {
                  ...serverAttributes(run.target.url),
                  'gen_ai.operation.name': operationName(operation, route),
                  'gen_ai.provider.name': run.target.name,
                  ...modelOf(run.tags['model'] ?? tags?.['model']),
                  'jarvis_load.scenario': scenario,
                  'jarvis_load.operation': operation,
                },
              ] as const,
            ],
      ),
    );
  }

  get metrics(): readonly ConventionMetric[] {
    const descriptions: Readonly<Record<string, string>> = {
      [DURATION]: 'GenAI operation duration.',
      ...Object.fromEntries(STREAM_TIME_NAMES.map((name) => [name, STREAM_TIMES[name][1]])),
    };
    return this.#set.families.map((family) => ({
      descriptor:
        family.name === TOKENS
          ? { ...secondsDescriptor(TOKENS, 'Number of input and output tokens used.'), unit: '{token}' }
          : secondsDescriptor(family.name, descriptions[family.name] ?? ''),
      family,
    }));
  }

  add(parts: readonly OperationPart[]): void {
    for (const { scenario, operation, service, streams } of parts) {
      const key = `${scenario}\n${operation}`;
      if (!this.#attributes.has(key)) continue;
      for (const outcome of OUTCOMES) {
        const times = service[outcome];
        if (times !== undefined && times.count > 0) this.#bucketsOf(key, DURATION, outcome).add(times);
      }
      if (streams === undefined) continue;
      for (const name of STREAM_TIME_NAMES) {
        const times = streams.times[STREAM_TIMES[name][0]];
        if (times.count > 0) this.#bucketsOf(key, name).add(times);
      }
      for (const type of ['input', 'output'] as const) {
        const tokens = streams.usage?.[type];
        if (tokens !== undefined && tokens.count > 0) this.#tokensOf(key, type).addTrend(tokens, 1);
      }
    }
  }

  #tokensOf(operation: string, type: 'input' | 'output'): BucketCounts {
    const key = `${operation} ${TOKENS} ${type}`;
    let buckets = this.#buckets.get(key);
    if (buckets === undefined) {
      this.#buckets.set(key, (buckets = new BucketCounts(TOKEN_BOUNDS)));
      const labels = { ...this.#attributes.get(operation), 'gen_ai.token.type': type };
      this.#set.add({ name: TOKENS, type: 'histogram', help: '' }, labels, buckets);
    }
    return buckets;
  }

  #bucketsOf(operation: string, name: string, outcome: Outcome = 'ok'): BucketCounts {
    const failed = isFailure(outcome);
    const key = `${operation} ${name} ${failed ? outcome : ''}`;
    let buckets = this.#buckets.get(key);
    if (buckets === undefined) {
      this.#buckets.set(key, (buckets = new BucketCounts(BOUNDS)));
      const labels = { ...this.#attributes.get(operation), ...(failed ? { 'error.type': outcome } : {}) };
      this.#set.add({ name, type: 'histogram', help: '' }, labels, buckets);
    }
    return buckets;
  }
}

function modelOf(model: string | undefined): Readonly<Record<string, string>> {
  return model === undefined ? {} : { 'gen_ai.request.model': model };
}

/** The conventions' word for what an operation does, from its route and name. */
function operationName(operation: string, route: string): string {
  if (/chat/i.test(`${operation} ${route}`)) return 'chat';
  return route.endsWith('/completions') ? 'text_completion' : 'generate_content';
}
