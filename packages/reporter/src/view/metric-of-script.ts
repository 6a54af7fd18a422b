import type { RunResult } from '@jarvis-load/engine/result';

/** Metrics of the native engine that k6 does not have: of a run of k6 they are metrics of its script. */
const NOT_OF_K6 = new Set([
  'http_req_retried',
  'response_time',
  'service_time',
  'queue_wait',
  'pacer_lag',
  'interrupted_requests',
]);

/** `OWN_METRICS` of packages/k6-scenarios: `started` and `outcomes`, of which every test of that package has one, and `responseTime`. */
const OF_OUR_TESTS = new Set(['jarvis_started_iterations', 'jarvis_outcomes']);
const RESPONSE_TIME = 'response_time';

/**
 * Whether a metric that the native engine has, too, is another one of the same name, of the script of a k6 run. `response_time` has
 * the meaning of the engine in tests of this project.
 */
export function isOfScript(name: string, run: Pick<RunResult, 'generator' | 'metrics'>): boolean {
  if (run.generator.engine !== 'k6' || !NOT_OF_K6.has(name)) return false;
  return name !== RESPONSE_TIME || !run.metrics.some((metric) => OF_OUR_TESTS.has(metric.name));
}
