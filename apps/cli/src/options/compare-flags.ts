import { DEFAULT_TOLERANCES, METRICS, type Metric, type Tolerances } from '@jarvis-load/compare';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { flagTable, type SettingsOf, type SourceName } from './flag.ts';
import { choice, onOff, pairs, text } from './flag-kinds.ts';

/** Forms of a comparison on standard output. */
export const COMPARISON_FORMATS = ['text', 'markdown', 'json', 'html'] as const;
/** One of them. */
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

const DEFAULTS = METRICS.map((metric) => {
  const percent = Number((100 * DEFAULT_TOLERANCES[metric].change).toPrecision(3));
  return `${metric}=${percent}%`;
}).join(', ');

/** Flags of `compare`. `defaultText` is only shown: a flag that is not given is undefined. */
export const COMPARE_FLAGS = flagTable({
  format: {
    kind: choice(COMPARISON_FORMATS),
    // JARVIS_LOAD_FORMAT names the views of load and report.
    inEnvironment: false,
    description: 'Form of the comparison on standard output',
    example: '--format=markdown',
    defaultText: 'text',
  },
  viewsDir: {
    aliases: ['report-dir'],
    kind: text('<directory>'),
    description: 'Also writes comparison.html, comparison.md and comparison.json into this folder',
    example: '--views-dir=/tmp/comparison',
    defaultText: 'none: nothing is written',
  },
  tolerance: {
    kind: pairs('<figure=percent>', '='),
    description: `Changes up to this size are never called worse or better; ${METRICS.join(', ')} (of errors: percentage points); repeatable`,
    example: '--tolerance p95=5%',
    defaultText: `${DEFAULTS}; and 1 ms of response times`,
  },
  force: {
    kind: onOff(),
    description: 'Compares runs that should not be compared; the report says why',
    example: '--force',
    defaultText: 'off: they are refused',
  },
  debug: {
    kind: onOff(),
    description: 'Shows stack traces',
    example: '--debug',
    defaultText: 'off',
  },
});

/** Settings of `compare`. */
export type CompareSettings = SettingsOf<typeof COMPARE_FLAGS>;

/**
 * The tolerances of a comparison.
 *
 * @throws CliError exit 2 for an unknown figure, or a value that is no percentage from 0 to 1000%
 */
export function tolerancesFrom(
  given: Readonly<Record<string, string>> | undefined,
  source: SourceName,
): Tolerances {
  let tolerances = DEFAULT_TOLERANCES;
  for (const [name, written] of Object.entries(given ?? {})) {
    const metric = METRICS.find((each) => each === name);
    if (metric === undefined) {
      throw usageError('tolerance', `${source}: unknown figure "${name}"`, oneOf(name, METRICS));
    }
    const change = shareOf(written);
    if (change === undefined) {
      throw usageError(
        'tolerance',
        `${source}: "${written}" is no percentage up to 1000%`,
        `such as ${name}=5%`,
      );
    }
    tolerances = { ...tolerances, [metric]: withChange(metric, change) };
  }
  return tolerances;
}

function withChange(metric: Metric, change: number) {
  const tolerance = DEFAULT_TOLERANCES[metric];
  return { ...tolerance, change, largest: Math.max(tolerance.largest, change) };
}

function shareOf(written: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?%?$/.exec(written);
  const share = match === null ? undefined : Number(match[1]) / 100;
  return share === undefined || share > 10 ? undefined : share;
}
