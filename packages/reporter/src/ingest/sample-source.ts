/**
 * The lines of one file of k6, and facts about its reading.
 *
 * Must hold:
 * - `nextMs` and `take` follow a `ready` or `fill` that returned true; `facts` follow a `fill` that returned false.
 * - A line that is not a sample has no time and is taken at once (`nextMs`), before samples of other files.
 * - The stream is not closed where reading ends early: its owner closes it.
 */
import { ReporterError } from '../errors.ts';
import { isK6CsvHeader, K6CsvLines } from './k6-csv.ts';
import { parseLine, type K6Line, type K6MetricLine } from './k6-line.ts';
import { knownMetric } from './known-metrics.ts';
import type { MetricTable } from './metric-table.ts';
import { readLines } from './read-lines.ts';
import type { SampleReader, ScriptMetrics } from './sample-reader.ts';

/** Facts about the reading of a file. */
export interface ReadFacts {
  readonly fileName: string;
  /** Lines with a metric or a sample. */
  readonly readable: number;
  /** Lines that are neither a metric nor a sample; the one that the file ends in the middle of is not among them. */
  readonly unreadable: number;
  /** Line number, from 1; `undefined` when there are none. */
  readonly firstUnreadable: number | undefined;
  /** False when the file ends in the middle of a line that cannot be read. */
  readonly complete: boolean;
  /** Number of samples of each metric that was never declared, by name; of the first 100 such metrics. */
  readonly undeclared: ReadonlyMap<string, number>;
  /** `--out csv`: it declares no metric, and has no thresholds; `coarse`: its times are whole seconds. */
  readonly csv: { readonly coarse: boolean } | undefined;
}

const MOST_UNDECLARED = 100;

/** The lines of one file of `--out json` or `--out csv`, taken one by one into a table and a reader. */
export class SampleSource {
  readonly reader: SampleReader;
  readonly #fileName: string;
  readonly #batches: ReturnType<typeof readLines>;
  readonly #table: MetricTable;
  readonly #scriptMetrics: ScriptMetrics | undefined;
  readonly #undeclared = new Map<string, number>();
  #texts: readonly string[] = [];
  #nextText = 0;
  #lines: readonly K6Line[] = [];
  #nextLine = 0;
  #head: K6Line | undefined;
  #number = 0;
  #readable = 0;
  #unreadable = 0;
  #firstUnreadable: number | undefined;
  #lastReadable = true;
  #csv: K6CsvLines | undefined;
  #complete: boolean | undefined;

  /** @param table shared by all files of a run */
  constructor(
    { fileName, chunks }: { readonly fileName: string; readonly chunks: AsyncIterable<Uint8Array> },
    table: MetricTable,
    reader: SampleReader,
    scriptMetrics: ScriptMetrics | undefined,
  ) {
    this.#fileName = fileName;
    this.#batches = readLines(chunks);
    this.#table = table;
    this.reader = reader;
    this.#scriptMetrics = scriptMetrics;
  }

  /** Reads until there is a next line. @returns false at the end of the file */
  async fill(): Promise<boolean> {
    while (!this.ready()) {
      if (this.#complete !== undefined) return false;
      const batch = await this.#batches.next();
      this.#nextText = 0;
      this.#nextLine = 0;
      if (batch.done === true) {
        this.#texts = [];
        this.#lines = this.#csv?.end() ?? [];
        this.#complete = batch.value.complete;
      } else {
        this.#texts = batch.value;
        this.#lines = [];
      }
    }
    return true;
  }

  /** Whether a next line is in memory. */
  ready(): boolean {
    while (this.#head === undefined) {
      this.#head = this.#lines[this.#nextLine++];
      if (this.#head !== undefined) break;
      const text = this.#texts[this.#nextText++];
      if (text === undefined) return false;
      this.#lines = this.#parse(text);
      this.#nextLine = 0;
    }
    return true;
  }

  /** Time of the next line, when {@link ready}; that of a line without one is before all others. */
  get nextMs(): number {
    return this.#head?.kind === 'point' ? this.#head.point.timeMs : Number.NEGATIVE_INFINITY;
  }

  /** Takes the next line. @throws ReporterError `k6_other_test` */
  take(): void {
    const line = this.#head!;
    this.#head = undefined;
    this.#lastReadable = line.kind !== 'unreadable';
    if (line.kind === 'unreadable') {
      this.#unreadable++;
      this.#firstUnreadable ??= this.#number;
      return;
    }
    this.#readable++;
    if (line.kind === 'metric') {
      this.#refuseOtherTest(line.metric);
      this.#table.declare(line.metric);
      return;
    }
    const { metric } = line.point;
    if (!this.#table.has(metric) && !this.#declareKnown(metric)) {
      const known = this.#undeclared.get(metric);
      if (known !== undefined || this.#undeclared.size < MOST_UNDECLARED) {
        this.#undeclared.set(metric, (known ?? 0) + 1);
      }
      return;
    }
    this.reader.add(line.point);
  }

  /** After the last line. */
  get facts(): ReadFacts {
    const complete = this.#complete === true || this.#lastReadable;
    const unreadable = this.#unreadable - (complete ? 0 : 1);
    return {
      fileName: this.#fileName,
      readable: this.#readable,
      unreadable,
      firstUnreadable: unreadable > 0 ? this.#firstUnreadable : undefined,
      complete,
      undeclared: this.#undeclared,
      csv: this.#csv && { coarse: this.#csv.coarse },
    };
  }

  #parse(text: string): readonly K6Line[] {
    this.#number++;
    if (text === '' || text === '\r') return [];
    if (this.#number === 1 && isK6CsvHeader(text)) {
      this.#csv = new K6CsvLines(text);
      return [];
    }
    return this.#csv?.parse(text) ?? [parseLine(text)];
  }

  #refuseOtherTest({ name, thresholds }: K6MetricLine): void {
    const other = this.#table.declaredThresholds(name);
    if (other === undefined || JSON.stringify(other) === JSON.stringify(thresholds)) return;
    throw new ReporterError(
      'k6_other_test',
      `${this.#fileName} is of another test: its thresholds on ${name} are ${said(thresholds)}, and those of the other files ${said(other)}. ` +
        'Expected files of one run, whose runners have the same script and options.',
    );
  }

  #declareKnown(name: string): boolean {
    const metrics = this.#scriptMetrics;
    if (metrics !== undefined && Object.values(metrics).includes(name)) {
      const isTime = name === metrics.responseTime || name === metrics.turnTime;
      const type = isTime ? 'trend' : 'counter';
      this.#table.declareUntold({ name, type, contains: isTime ? 'time' : 'default' });
      return true;
    }
    const known = knownMetric(name);
    if (known === undefined) return false;
    this.#table.declareUntold({ name, ...known });
    return true;
  }
}

function said(thresholds: readonly string[]): string {
  return thresholds.length === 0 ? 'none' : thresholds.map((each) => `"${each}"`).join(', ');
}
