/**
 * Lines of `k6 run --out json`.
 *
 * Must hold:
 * - Of a line that k6 wrote, the fast path (fixed markers) returns what the JSON path would, but for the escapes in the text of tags, or
 *   undefined.
 * - Nothing throws: a line of any content is at worst `unreadable`, and tags of any content are at worst none.
 */

/** Tags of a sample. */
export type K6Tags = Readonly<Record<string, string>>;

/** Declaration of a metric, written before its first sample. */
export interface K6MetricLine {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  /** `time`, `data` or `default`. */
  readonly contains: string;
  /** Threshold expressions on the whole metric; k6's output does not contain those on selections. */
  readonly thresholds: readonly string[];
  /** The expressions with `abortOnFail`. */
  readonly aborting: readonly string[];
  /** Names of the metric's selections that k6 keeps, such as `http_req_duration{name:chat.send}`. */
  readonly submetrics: readonly string[];
}

/**
 * One sample. The tags stay unparsed: all samples of a series have the same text, so the caller parses it once per
 * series.
 */
export interface K6PointLine {
  readonly metric: string;
  /** Unix time. */
  readonly timeMs: number;
  readonly value: number;
  /** JSON of the tags. */
  readonly tags: string;
}

/** A line of `k6 run --out json`. */
export type K6Line =
  | { readonly kind: 'point'; readonly point: K6PointLine }
  | { readonly kind: 'metric'; readonly metric: K6MetricLine }
  | { readonly kind: 'unreadable' };

const UNREADABLE: K6Line = { kind: 'unreadable' };
const POINT_START = '{"metric":"';
const POINT_MIDDLE = '","type":"Point","data":{"time":"';
const VALUE = '","value":';
const TAGS = ',"tags":';
const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'rate', 'trend']);

/** Parses a line: k6's usual layout by fixed markers, in a fifth of the time of JSON.parse; any other line as JSON. */
export function parseLine(line: string): K6Line {
  return parsePointFast(line) ?? parseJson(line);
}

function parsePointFast(line: string): K6Line | undefined {
  if (!line.startsWith(POINT_START) || !line.endsWith('}}}')) return undefined;
  const nameEnd = line.indexOf('"', POINT_START.length);
  if (!line.startsWith(POINT_MIDDLE, nameEnd)) return undefined;
  const timeStart = nameEnd + POINT_MIDDLE.length;
  const timeEnd = line.indexOf('"', timeStart);
  if (!line.startsWith(VALUE, timeEnd)) return undefined;
  const valueStart = timeEnd + VALUE.length;
  const valueEnd = line.indexOf(',', valueStart);
  if (!line.startsWith(TAGS, valueEnd)) return undefined;
  const tagsStart = valueEnd + TAGS.length;
  const name = line.slice(POINT_START.length, nameEnd);
  const value = Number(line.slice(valueStart, valueEnd));
  const timeMs = parseTime(line.slice(timeStart, timeEnd));
  const tags = line.slice(tagsStart, -2);
  // Metadata after the tags or a backslash in the name needs the JSON parser.
  if (Number.isNaN(value) || Number.isNaN(timeMs) || name.includes('\\') || tags.includes('},"metadata"')) {
    return undefined;
  }
  return { kind: 'point', point: { metric: name, timeMs, value, tags } };
}

function parseJson(line: string): K6Line {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return UNREADABLE;
  }
  if (!isRecord(parsed) || !isRecord(parsed['data'])) return UNREADABLE;
  const { type, metric, data } = parsed as { type: unknown; metric: unknown; data: Record<string, unknown> };
  if (typeof metric !== 'string') return UNREADABLE;
  if (type === 'Metric' && typeof data['type'] === 'string' && TYPES.has(data['type'])) {
    return {
      kind: 'metric',
      metric: {
        name: metric,
        type: data['type'] as K6MetricLine['type'],
        contains: typeof data['contains'] === 'string' ? data['contains'] : 'default',
        thresholds: list(data['thresholds']).map(expressionOf),
        aborting: list(data['thresholds'])
          .filter((each) => isRecord(each) && each['abortOnFail'] === true)
          .map(expressionOf),
        submetrics: list(data['submetrics']).flatMap((each) =>
          isRecord(each) && typeof each['name'] === 'string' ? [each['name']] : [],
        ),
      },
    };
  }
  if (type !== 'Point' || typeof data['value'] !== 'number' || typeof data['time'] !== 'string') {
    return UNREADABLE;
  }
  const timeMs = parseTime(data['time']);
  if (Number.isNaN(timeMs)) return UNREADABLE;
  const tags = isRecord(data['tags']) ? JSON.stringify(data['tags']) : '{}';
  return { kind: 'point', point: { metric, timeMs, value: data['value'], tags } };
}

/** The tags of a point; values that are not strings are left out. */
export function parseTags(json: string): K6Tags {
  try {
    const parsed: unknown = JSON.parse(json);
    if (!isRecord(parsed)) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    );
  } catch {
    return {};
  }
}

let lastSecond = '';
let lastSecondMs = Number.NaN;

/** RFC 3339 with up to nanoseconds, as milliseconds since the epoch; NaN when invalid. */
function parseTime(text: string): number {
  const second = text.slice(0, 19);
  let end = 19;
  let fraction = 0;
  if (text.charCodeAt(19) === 0x2e) {
    end = 20;
    while (end < text.length && text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end++;
    fraction = Number(`0${text.slice(19, end)}`);
  }
  const key = second + text.slice(end);
  if (key !== lastSecond) {
    lastSecond = key;
    lastSecondMs = Date.parse(key);
  }
  return lastSecondMs + fraction * 1000;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * k6 writes a threshold as a string, with `abortOnFail` as an object. Anything else is kept as JSON, to be named in the
 * document.
 */
function expressionOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const expression = isRecord(value) ? value['threshold'] : undefined;
  return typeof expression === 'string' ? expression : JSON.stringify(value);
}
