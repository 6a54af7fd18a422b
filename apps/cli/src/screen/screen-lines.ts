/**
 * The screen of a run as lines: a pure function of what is shown. Text of a run or target passes `fit`, which removes control
 * characters and cuts it to the width; secrets were removed before.
 */
import { formatLimit, formatMeasured, formatNumber } from '@jarvis-load/engine/format';
import { failuresIn } from '@jarvis-load/engine/outcome';
import type { Now, OperationRow, PromiseRow, RunHead } from '@jarvis-load/live';
import { clean } from '../output/clean-text.ts';
import type { ProgressWindow } from '../output/progress-text.ts';
import { clock, percent, sparkline } from '../output/short-text.ts';

/** What the screen shows. */
export interface ScreenView {
  readonly head: RunHead | null;
  /** The run so far; null before its first second. */
  readonly now: Now | null;
  /** The last seconds. */
  readonly window: ProgressWindow | undefined;
  /** 95th percentiles over the run. */
  readonly p95: readonly (number | null)[];
  /** What the run is doing if it is not in its plan: `letting running iterations end`. */
  readonly phase: string | undefined;
  /** Warnings of the run, the last one last. */
  readonly warnings: readonly string[];
  /** Iterations per second, where they can be set. */
  readonly rate: number | null;
  /** The keys that do something now. */
  readonly keys: string;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Marks text for a terminal with colours; without colours the text itself. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string) => string;

const NARROW = 90;
const LEAST_ROWS_OF_OPERATIONS = 3;
/** `operation`, the head of the column. */
const LEAST_NAME = 9;
/** `first token, ms`, the head of the column. */
const LEAST_STREAM_NAME = 15;
const MOST_STREAMS = 3;
/** Least widths for a column beside the three percentiles. */
const WITH_REQUESTS = LEAST_NAME + 34;
const WITH_GOOD = LEAST_STREAM_NAME + 32;
const WITH_TOKENS = WITH_GOOD + 10;
/** Target, state and traffic. */
const FIRST_LINES = 3;
const MOST_PROMISES = 5;
const MOST_WARNINGS = 3;

/** Cuts plain text to a width; a cut is shown. */
function fit(text: string, columns: number): string {
  const characters = Array.from(clean(text));
  return characters.length <= columns ? characters.join('') : `${characters.slice(0, columns - 1).join('')}…`;
}

function progressBar(share: number, columns: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return '━'.repeat(full) + '─'.repeat(columns - full);
}

/** State, place in the plan, and how much of it is done. */
function stateLine({ now, phase }: ScreenView, columns: number, paint: Paint): string {
  if (now === null) return phase ?? 'starting';
  const { elapsedMs, plannedMs, stage, paused } = now;
  const state = paused ? 'PAUSED' : (phase ?? 'running');
  const place =
    stage === null ? '' : ` ${stage.label} ${stage.index}/${stage.count}, ${clock(stage.leftMs)} left`;
  if (plannedMs === null || plannedMs <= 0)
    return `${paint('bold', state)}${place}  ${clock(elapsedMs)}, until it is stopped`;
  const share = Math.min(1, elapsedMs / plannedMs);
  const end = `${Math.floor(share * 100)}%  ${clock(elapsedMs)} of ${clock(plannedMs)}`;
  const room = columns - state.length - place.length - end.length - 4;
  const bar = room >= 8 ? `${progressBar(share, Math.min(room, 50))}  ` : '';
  const line = `${state}${fit(place, Math.max(0, columns - state.length - end.length - 4))}`;
  return `${paint('bold', line)}  ${bar}${end}`;
}

/** Users and rates of the last seconds. */
function trafficLine({ now, window, rate }: ScreenView, columns: number, paint: Paint): string {
  if (now === null || window === undefined) return '';
  const { requests, failed, rateLimited, seconds } = window;
  const pieces: readonly (readonly [text: string, isBad?: boolean])[] = [
    [`users ${now.users}/${now.targetUsers}`],
    ...(rate === null ? [] : [[`rate ${rate}/s`] as const]),
    [`${seconds > 0 ? (requests / seconds).toFixed(1) : '0'} req/s`],
    [`failed ${percent(failed, requests)}`, failed > 0],
    ...((now.outcomes['rate_limited'] ?? 0) > 0 ? [[`429 ${percent(rateLimited, requests)}`] as const] : []),
    ...(now.dropped > 0 ? [[`dropped ${now.dropped}`, true] as const] : []),
    [`in flight ${now.inFlight}`],
  ];
  let line = '';
  let length = 0;
  for (const [text, isBad = false] of pieces) {
    // A piece that does not fit is left out: half a number would be a wrong one.
    if (length + text.length + 3 > columns) break;
    line += `${length === 0 ? '' : '   '}${isBad ? paint('red', text) : text}`;
    length += text.length + 3;
  }
  return line;
}

function quantiles(values: { p50Ms: number | null; p95Ms: number | null; p99Ms: number | null }): string {
  const { p50Ms, p95Ms, p99Ms } = values;
  return [p50Ms, p95Ms, p99Ms].map((value) => formatNumber(value).padStart(8)).join('');
}

/** Percentiles of the last second and of the run, and the course of the 95th. */
function latencyLines({ now, window, p95 }: ScreenView, columns: number, paint: Paint): string[] {
  if (now === null || window === undefined) return [];
  const room = Math.min(60, columns - 48);
  const course = room >= 8 ? `   ${sparkline(p95, room)}` : '';
  return [
    paint(
      'dim',
      `${'response, ms'.padEnd(12)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'p99'.padStart(8)}${room >= 8 ? '   p95 over the run' : ''}`,
    ),
    `${'last second'.padEnd(12)}${quantiles(window.last.response)}${course}`,
    `${'run'.padEnd(12)}${quantiles(now)}`,
  ];
}

/** A row for each operation; those that do not fit are counted. At most `rows` + 1 lines, and columns as the width permits. */
function operationLines(now: Now, { columns, rows }: ScreenSize, paint: Paint): string[] {
  const isNarrow = columns < NARROW;
  const requests = (text: string): string => (columns < WITH_REQUESTS ? '' : text.padStart(10));
  const several = new Set(now.operations.map(({ operation }) => operation)).size < now.operations.length;
  const full = ({ scenario, operation }: OperationRow): string =>
    several ? `${scenario} ${operation}` : operation;
  const longest = Math.max(LEAST_NAME, ...now.operations.map((row) => full(row).length));
  const width = Math.max(LEAST_NAME, Math.min(longest, columns - (isNarrow ? 34 : 50)));
  const name = (row: OperationRow): string => fit(full(row), width).padEnd(width);
  const head = `${'operation'.padEnd(width)}${requests('requests')}${isNarrow ? '' : 'req/s'.padStart(8)}${isNarrow ? '' : 'failed'.padStart(8)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'p99'.padStart(8)}`;
  const line = (row: OperationRow): string => {
    const failed = failuresIn(row.outcomes);
    const share = percent(failed, row.requests).padStart(8);
    const rate = row.last === null ? '0' : (row.last.requests / (row.last.durationMs / 1000)).toFixed(1);
    return `${name(row)}${requests(String(row.requests))}${isNarrow ? '' : rate.padStart(8)}${isNarrow ? '' : failed > 0 ? paint('red', share) : share}${quantiles(row)}`;
  };
  const shown =
    now.operations.length <= rows ? now.operations : now.operations.slice(0, Math.max(0, rows - 1));
  const hidden = now.operations.length - shown.length;
  return [
    paint('dim', head),
    ...shown.map(line),
    ...(hidden === 0 ? [] : [paint('dim', `and ${hidden} more in the report`)]),
  ];
}

/**
 * First token, tokens per second and good streams of the operations with most streams; nothing without any. At most `rows` lines, and
 * columns as the width permits.
 */
function streamLines({ streams }: Now, { columns, rows }: ScreenSize, paint: Paint): string[] {
  // Besides the rows: the head, an empty line, and one that counts those that are hidden.
  const most = Math.min(MOST_STREAMS, streams.length <= rows - 2 ? rows - 2 : rows - 3);
  if (streams.length === 0 || most < 1) return [];
  const tokensPerSecond = (text: string): string => (columns < WITH_TOKENS ? '' : text.padStart(10));
  const share = (text: string): string => (columns < WITH_GOOD ? '' : text.padStart(8));
  const shown = streams.toSorted((a, b) => b.streams - a.streams).slice(0, most);
  const hidden = streams.length - shown.length;
  const width = Math.max(LEAST_STREAM_NAME, columns - 50);
  const several = new Set(streams.map(({ operation }) => operation)).size < streams.length;
  const name = ({ scenario, operation }: Now['streams'][number]): string =>
    several ? `${scenario} ${operation}` : operation;
  const longest = Math.max(LEAST_STREAM_NAME, ...shown.map((row) => name(row).length));
  const column = Math.min(width, longest);
  const line = (row: Now['streams'][number]): string => {
    const { judged, good, tokens, last } = row;
    const rate = last === null ? 0 : last.tokens / (last.durationMs / 1000);
    return `${fit(name(row), column).padEnd(column)}${quantiles(row.ttft)}${tokensPerSecond(tokens === 0 ? '–' : rate.toFixed(1))}${share(judged === 0 ? '–' : percent(good, judged))}`;
  };
  const head = `${'first token, ms'.padEnd(column)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'p99'.padStart(8)}${tokensPerSecond('tokens/s')}${share('good')}`;
  return [
    paint('dim', head),
    ...shown.map(line),
    ...(hidden === 0 ? [] : [paint('dim', `and ${hidden} more in the report`)]),
    '',
  ];
}

function promiseName({ label, operation }: PromiseRow): string {
  return operation === null ? label : `${operation} ${label}`;
}

/** How many promises hold, and those that do not. */
function promiseLines({ promises }: Now, columns: number, paint: Paint): string[] {
  if (promises === null || promises.length === 0) return [];
  const failed = promises.filter(({ status }) => status === 'fail');
  const held = promises.filter(({ status }) => status === 'pass').length;
  const open = promises.length - failed.length - held;
  const counts = [
    paint('green', `${held} hold`),
    ...(failed.length === 0 ? [] : [paint('red', `${failed.length} fail`)]),
    ...(open === 0 ? [] : [paint('dim', `${open} with too few samples so far`)]),
  ];
  const rows = failed.slice(0, MOST_PROMISES).map((row) => {
    // The numbers first: a name may be longer than the line.
    const text = `  ${row.measured === null ? 'no value' : formatMeasured(row.measured, row.limit, row.unit)}, limit ${formatLimit(row.limit, row.unit)}: ${promiseName(row)}`;
    return paint('red', fit(text, columns));
  });
  return [`promises   ${counts.join('   ')}`, ...rows];
}

function targetOf({ target: { name, url } }: RunHead): string {
  return name === url ? url : `${name} ${url}`;
}

/** The whole screen: at most `rows` lines of at most `columns` columns. On a narrow one, state, percentiles and counts may be longer. */
export function screenLines(view: ScreenView, { columns, rows }: ScreenSize, paint: Paint): string[] {
  const { head, now, warnings, keys } = view;
  const title = head === null ? 'jarvis-load' : `${targetOf(head)}   ${head.load}`;
  const top = [
    paint('bold', fit(title, columns)),
    stateLine(view, columns, paint),
    trafficLine(view, columns, paint),
    '',
    ...latencyLines(view, columns, paint),
    '',
  ];
  const promises = now === null ? [] : promiseLines(now, columns, paint);
  const health = (now?.generator.reasons ?? []).map((reason) => paint('yellow', fit(reason, columns)));
  const messages = warnings.slice(-MOST_WARNINGS).map((text) => paint('yellow', fit(text, columns)));
  // Reasons and warnings, which nothing else shows, come before all that would need their lines.
  const mostAtBottom = Math.max(0, rows - FIRST_LINES - 1);
  const bottom = mostAtBottom === 0 ? [] : [...promises, ...health, ...messages].slice(-mostAtBottom);
  const spare = rows - 1 - top.length - bottom.length;
  const streams =
    now === null ? [] : streamLines(now, { columns, rows: spare - LEAST_ROWS_OF_OPERATIONS - 1 }, paint);
  const room = Math.max(LEAST_ROWS_OF_OPERATIONS, spare - streams.length - 2);
  const operations = now === null ? [] : [...operationLines(now, { columns, rows: room - 1 }, paint), ''];
  const middle = [...top, ...operations, ...streams].slice(0, Math.max(0, rows - 1 - bottom.length));
  return [...middle, ...bottom, paint('dim', fit(keys, columns))];
}
