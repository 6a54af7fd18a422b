import type { ScenarioDefinition } from '@jarvis-load/engine';
import {
  isInK6,
  isMetricNameInK6,
  OWN_METRICS,
  scenarioNamesInK6,
  toK6Threshold,
} from '@jarvis-load/k6-scenarios';
import { knownMetric } from '@jarvis-load/reporter/ingest';
import { usageError } from '../cli-error.ts';
import type { K6Settings } from '../options/k6-flags.ts';
import { chooseTests, testsOf } from '../run/choose-tests.ts';
import { createScenarios } from '../suites/suites.ts';
import { looksLikeTestFile } from '../test-file/find-file.ts';
import { bundleFile } from './bundle-file.ts';
import type { K6RunnableTest } from './k6-request.ts';

/** Whether the argument of `k6` names a file and not a test of the suite. */
export function isTestFile(name: string): boolean {
  return /[/\\]/.test(name) || looksLikeTestFile(name);
}

/**
 * The scenarios of a test file as tests of k6, each bundled to a script.
 *
 * @throws CliError exit 2 for a mistake in the file, and for what k6 cannot do, by name
 */
export async function testsOfFile(
  file: string,
  settings: K6Settings,
  cwd: string,
): Promise<readonly K6RunnableTest[]> {
  const { suite, scenarios } = await chooseTests(settings, cwd, file);
  const names = scenarios.map(({ name }) => name);
  const definitions = createScenarios(suite, names, {
    facts: undefined,
    credentials: undefined,
    identity: 'shared',
    runId: 'k6',
    settings: {},
    files: undefined,
  });
  const inK6 = scenarioNamesInK6(names);
  const beyond = definitions.flatMap((scenario) => beyondK6(scenario, inK6, settings));
  if (beyond.length > 0) {
    throw usageError(
      'k6-file',
      `k6 ${file}: k6 cannot do everything that is in this file: ${beyond.join('; ')}`,
      'a file without it, or this engine',
      `npx jarvis-load load ${/[/\\]/.test(file) ? file : `./${file}`}`,
    );
  }
  const { origin } = suite;
  if (origin === undefined) throw new Error(`${file} is no test file.`);
  const tests: K6RunnableTest[] = [];
  for (const name of names) {
    const nameInK6 = inK6.get(name)!;
    tests.push({
      name,
      nameInK6,
      fileName: nameInK6,
      script: await bundleFile(origin.file, { scenario: name, nameInK6, settings: origin.settings }),
      tests: testsOf(suite, settings, cwd, [name]),
    });
  }
  return tests;
}

/** As k6 reads it: without units, windows and this engine's further methods. */
const K6_THRESHOLD =
  /^\s*(avg|min|med|max|count|rate|value|p\(\d+(\.\d+)?\))\s*(<=|>=|<|>|===|==|!=)\s*[\d.]+\s*$/;

/** Whether k6 has a metric of that name itself: of one with another kind or unit it makes an error. */
function isTakenInK6(name: string): boolean {
  return (
    knownMetric(name) !== undefined ||
    /^grpc_(req_duration|streams(_msgs_(sent|received))?)$/.test(name) ||
    Object.values<string>(OWN_METRICS).includes(name)
  );
}

/** What a scenario declares that k6 cannot do. What a request asks for is an error of that request. */
function beyondK6(
  scenario: ScenarioDefinition,
  names: ReadonlyMap<string, string>,
  { cert }: K6Settings,
): readonly string[] {
  const { name, operations, bases = {}, thresholds = {}, metrics = [], executor } = scenario;
  const renamed = names.get(name) !== name;
  const inK6 = (metric: string): boolean => {
    const [base = ''] = metric.split('{', 1);
    const own = [...metrics.map((each) => each.name), ...Object.values<string>(OWN_METRICS)];
    return knownMetric(base) !== undefined || own.includes(base);
  };
  /** In k6 a metric of the file has the values that are recorded, in its own unit. */
  const inUnits = (metric: string, text: string): string =>
    /ms\s*$/.test(text) && metrics.some((each) => each.name === metric.split('{', 1)[0] && each.unit === 's')
      ? text
      : toK6Threshold(text);
  const of = (what: string, having: readonly string[]): readonly string[] =>
    having.length === 0 ? [] : [`${what} (${name}: ${having.join(', ')})`];
  const streamed = operations.filter(({ stream }) => stream !== undefined).map((each) => each.name);
  const expressions = Object.entries(thresholds).flatMap(([metric, list]) =>
    list.flatMap((each) => {
      const text = typeof each === 'string' ? each : each.threshold;
      return K6_THRESHOLD.test(inUnits(metric, text)) && inK6(metric) ? [] : `${metric}: ${text}`;
    }),
  );
  return [
    ...of('streamed answers', streamed),
    ...of(
      'options of TLS of a base address',
      Object.keys(bases).filter((each) => typeof bases[each] === 'object' && bases[each].tls !== undefined),
    ),
    // k6 would offer it to every server that asks.
    ...(cert === undefined ? [] : of('--cert beside further base addresses', Object.keys(bases))),
    ...of('thresholds beyond those of k6', expressions),
    ...of(
      `thresholds by the name of a scenario that k6 calls ${names.get(name)}`,
      renamed ? Object.keys(thresholds).filter((metric) => /[{,]\s*scenario:/.test(metric)) : [],
    ),
    ...of(
      'names of metrics other than letters of ASCII, digits and _, of 2 to 129 characters that begin with no digit',
      metrics.flatMap((each) => (isMetricNameInK6(each.name) ? [] : each.name)),
    ),
    ...of(
      'metrics by the name of one that k6 or its script has itself',
      metrics.flatMap((each) => (isTakenInK6(each.name) ? each.name : [])),
    ),
    ...(executor !== undefined && !isInK6(executor) ? of('the executor', [executor.kind]) : []),
  ];
}
