import type { Comparison } from '@jarvis-load/compare';
import { decodeHistogram, formatPercentiles } from '@jarvis-load/engine/recorder';
import type { RunResult } from '@jarvis-load/engine/result';
import { VIEWS, type View, type ViewFileName } from '@jarvis-load/reporter';
import { asks, type Format } from '../options/formats.ts';
import { blockLog } from './block-log.ts';
import { LOG_NAME } from './interval-log.ts';

/** The format of each file; a new view without an entry is a type error. `VIEWS` gives the order, with the document first. */
const FORMAT_OF: Readonly<Record<ViewFileName, Format>> = {
  'result.json': 'json',
  'report.html': 'html',
  'stats.csv': 'csv',
  'history.csv': 'csv',
  'streams.csv': 'csv',
  'tags.csv': 'csv',
  'failures.csv': 'csv',
  'exceptions.csv': 'csv',
  'junit.xml': 'junit',
  'summary.md': 'markdown',
  'k6-summary.json': 'k6-summary',
  'summary.txt': 'text',
};

/** Formats without `--format`. k6 tests get `junit` too, because the old suite ran them in pipelines. */
const DEFAULT_FORMATS: Readonly<Record<RunResult['generator']['engine'], readonly Format[]>> = {
  native: ['html', 'csv'],
  k6: ['html', 'csv', 'junit'],
};

/** In characters: file systems take 255 bytes. */
const LONGEST_NAME = 60;

/** A file to write. */
export interface ViewFile {
  readonly fileName: string;
  readonly content: string;
}

/** What there is beside the result: files that are not written again, a comparison. */
interface Present {
  /** The document. @default false */
  readonly kept?: boolean;
  /** The interval log, which the run wrote. @default false */
  readonly logged?: boolean;
  /** Of the run with a baseline. */
  readonly comparison?: Comparison | undefined;
}

/**
 * Renders the views of the requested formats, and the document, asked for or not, unless it is `kept`. It comes first: a caller
 * that writes each file before it asks for the next has it even if a later view fails.
 */
export function* renderViews(
  result: RunResult,
  asked: readonly Format[] | undefined,
  { kept = false, logged = false, comparison }: Present = {},
): Generator<ViewFile> {
  const formats = asked ?? DEFAULT_FORMATS[result.generator.engine];
  for (const fileName of Object.keys(VIEWS) as ViewFileName[]) {
    const format = FORMAT_OF[fileName];
    const wanted = format === 'json' ? !kept : formats.includes(format);
    const render: View = VIEWS[fileName];
    const content = wanted ? render(result, comparison) : undefined;
    if (content !== undefined) yield { fileName, content };
  }
  const log = asks(formats, 'hlog') && !logged ? blockLog(result) : undefined;
  if (log !== undefined) yield { fileName: LOG_NAME, content: log };
  if (asks(formats, 'hgrm')) yield* percentileFiles(result);
}

/** The percentile distribution of each operation in milliseconds, in HdrHistogram's text format. Histograms count microseconds. */
function* percentileFiles({ operations }: RunResult): Generator<ViewFile> {
  const taken = new Set<string>();
  for (const { scenario, operation, responseTime } of operations) {
    const { histogram, sumMs, minMs, maxMs } = responseTime;
    if (histogram === undefined || minMs === null || maxMs === null) continue;
    const snapshot = decodeHistogram(histogram, { sum: sumMs * 1000, min: minMs * 1000, max: maxMs * 1000 });
    const name = plainName(`${scenario}.${operation}`);
    let fileName = `${name}.hgrm`;
    for (let number = 2; taken.has(fileName.toLowerCase()); number++) fileName = `${name}-${number}.hgrm`;
    taken.add(fileName.toLowerCase());
    yield { fileName, content: formatPercentiles(snapshot) };
  }
}

/** A file name that stays in its folder: names of operations are often paths, such as `GET /cart/:id`. */
function plainName(text: string): string {
  return text.replace(/[^\p{L}\p{N}.+-]+/gu, '_').slice(0, LONGEST_NAME);
}
