import { decodeHistogram, formatPercentiles } from '@jarvis-load/engine/recorder';
import type { RunResult } from '@jarvis-load/engine/result';
import { VIEWS, type ViewFileName } from '@jarvis-load/reporter';
import type { Format } from '../options/formats.ts';

/** The format of each file; a new view without an entry is a type error. */
const FORMAT_OF: Readonly<Record<ViewFileName, Format>> = {
  'result.json': 'json',
  'report.html': 'html',
  'stats.csv': 'csv',
  'history.csv': 'csv',
  'streams.csv': 'csv',
  'failures.csv': 'csv',
  'exceptions.csv': 'csv',
  'junit.xml': 'junit',
  'summary.md': 'markdown',
  'summary.txt': 'text',
};

/** Formats without `--format`. k6 tests get `junit` too, because the old suite ran them in pipelines. */
const DEFAULT_FORMATS: Readonly<Record<RunResult['generator']['engine'], readonly Format[]>> = {
  native: ['html', 'csv'],
  k6: ['html', 'csv', 'junit'],
};

/** A file to write. */
export interface ViewFile {
  readonly fileName: string;
  readonly content: string;
}

/**
 * Renders the views of the requested formats. The document comes first, so that it is saved even if a later view fails.
 * @param kept the document exists already and is not written again
 */
export function* renderViews(
  result: RunResult,
  asked: readonly Format[] | undefined,
  kept = false,
): Generator<ViewFile> {
  const formats = asked ?? DEFAULT_FORMATS[result.generator.engine];
  for (const fileName of Object.keys(VIEWS) as ViewFileName[]) {
    const format = FORMAT_OF[fileName];
    const wanted = format === 'json' ? !kept : formats.includes(format);
    const content = wanted ? VIEWS[fileName](result) : undefined;
    if (content !== undefined) yield { fileName, content };
  }
  if (formats.includes('hdr')) yield* percentileFiles(result);
}

/** The percentile distribution of each operation, in HdrHistogram's text format. */
function* percentileFiles({ operations }: RunResult): Generator<ViewFile> {
  for (const { scenario, operation, responseTime } of operations) {
    const { histogram, sumMs, minMs, maxMs } = responseTime;
    if (histogram === undefined || minMs === null || maxMs === null) continue;
    const snapshot = decodeHistogram(histogram, { sum: sumMs * 1000, min: minMs * 1000, max: maxMs * 1000 });
    yield { fileName: `${scenario}.${operation}.hgrm`, content: formatPercentiles(snapshot) };
  }
}
