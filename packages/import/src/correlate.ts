import { collectTokens, collectValues, type FoundValue } from './collect-values.ts';
import { mapValues, type Place } from './map-values.ts';
import { Dynamic, type DynamicPart, type ImportedRequest, type Pair, type Value } from './model.ts';
import { camelName, singular, type Names } from './names.ts';
import { routeTemplate } from './route-template.ts';

/*
 * `correlate`: values of earlier answers in later requests become variables.
 *
 * Must hold:
 * - A value comes only from an answer that was complete when the request was sent (`isAtOnce`).
 * - A value that was sent before an answer had it is an input, and stays a literal.
 * - It runs before secrets are moved (`writeTest`): a token of an answer becomes a variable, not one of the environment.
 * - Requests are in the order in which they were sent; answers are known by their place in it.
 */

/** A value that is read from the answer of a request, for later ones. */
export interface Extraction {
  /** Of the variable. */
  readonly variable: string;
  readonly type: 'string' | 'number';
  /** Names and positions that lead to it in the JSON. */
  readonly path: readonly (string | number)[];
  /** Source of a regular expression that finds it in a page; absent: it is in JSON. */
  readonly pattern?: string;
  /** How many matches of `pattern` precede it. @default 0 */
  readonly skip?: number;
  /** In its place where the answer does not have it. @default the iteration ends */
  readonly otherwise?: string | number;
}

/** A request, and what is read from its answer. */
export interface CorrelatedRequest {
  readonly request: ImportedRequest;
  readonly extractions: readonly Extraction[];
}

/** Values of answers by their text. */
type Known = ReadonlyMap<string, FoundValue>;

const ID_NAME =
  /(^|_)(ids?|uuid|guid|key|token|slug|code|ref|reference|number|no|nonce|cursor|csrf|xsrf|session|hash|etag|jwt)$/;
/** A value of at least this many characters that occurs again is taken for the same one, also inside other text. */
const LONG = 12;
/** Longer texts are not searched for values. */
const LONGEST_TEXT = 65_536;

function isIdName(name: string): boolean {
  return ID_NAME.test(
    name
      .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toLowerCase(),
  );
}

/** Whether a value of an answer is looked for in later requests: its name is that of an id, or it is long, with a digit and no spaces. */
function isCandidate({ value, path }: FoundValue): boolean {
  return (
    isIdName(path.findLast((part) => typeof part === 'string') ?? '') ||
    (value.length >= LONG && /\d/.test(value) && !/\s/.test(value))
  );
}

/**
 * Whether a known value may replace a value at this place. A long one may anywhere; a short one only as a path parameter or in
 * a field, query or header named as an id, as the value or as the object that had it: `7` may be a quantity.
 */
function fits({ value, path }: FoundValue, { kind, name }: Place): boolean {
  if (value.length >= LONG || kind === 'param') return true;
  if (kind === 'text') return false;
  const names = path.filter((part) => typeof part === 'string');
  const parent = singular(names.at(-2) ?? '').toLowerCase();
  return (
    isIdName(name) || names.at(-1) === name || (parent !== '' && singular(name).toLowerCase() === parent)
  );
}

/** Whether the later request was sent before the earlier one was answered. */
function isAtOnce(earlier: ImportedRequest, later: ImportedRequest): boolean {
  if (earlier.recorded === undefined || later.recorded === undefined) return false;
  // Recorded times overlap by rounding: a request marked `isAlone` (page, redirect, login) never ran beside another.
  if (earlier.isAlone === true || later.isAlone === true) return false;
  return later.recorded.startMs < earlier.recorded.endMs;
}

/** Finds values of earlier answers (JSON, and tokens of HTML pages) in later requests: they become variables. */
export function correlate(requests: readonly ImportedRequest[], names: Names): CorrelatedRequest[] {
  const found = new Map<string, FoundValue>();
  const variables = new Map<FoundValue, string>();
  const extractions = requests.map((): Extraction[] => []);
  /** Values that a request sent before an answer contained them: inputs, which stay literals. */
  const sent = new Set<string>();

  const variableOf = (each: FoundValue): DynamicPart => {
    let name = variables.get(each);
    if (name === undefined) {
      variables.set(each, (name = names.take(variableName(each.path), 'value')));
      extractions[each.from]!.push({
        variable: name,
        type: each.type,
        path: each.path,
        ...(each.pattern === undefined ? {} : { pattern: each.pattern }),
        ...(each.skip === undefined ? {} : { skip: each.skip }),
      });
    }
    return { kind: 'variable', name, type: each.type };
  };

  const made = requests.map((request, place) => {
    const known: Known = new Map([...found].filter(([, { from }]) => !isAtOnce(requests[from]!, request)));
    const templated = withLinks(withRoute(request, known), extractions, names);
    mapValues(templated, (value) => {
      if (!(value instanceof Dynamic) && !known.has(String(value))) sent.add(String(value));
      return value;
    });
    for (const each of [...collectValues(request.answer, place), ...collectTokens(request.page, place)])
      if (isCandidate(each) && !sent.has(each.value) && !found.has(each.value)) found.set(each.value, each);
    return mapValues(templated, (value, where) => replaced(value, where, known, variableOf));
  });
  return made.map((request, place) => ({ request, extractions: extractions[place]! }));
}

/** A path as a route: a segment becomes a parameter if it looks like an id or an earlier answer contained it. */
function withRoute(request: ImportedRequest, known: Known): ImportedRequest {
  if (request.params.length > 0 || request.isTemplate === true) return request;
  return { ...request, ...routeTemplate(request.route, (segment) => known.has(segment)) };
}

/** Params that an earlier answer gives become variables. */
function withLinks(
  request: ImportedRequest,
  extractions: readonly Extraction[][],
  names: Names,
): ImportedRequest {
  const { links = [] } = request;
  if (links.length === 0) return request;
  const params = request.params.map(([name, value]): Pair => {
    const link = links.find(({ param }) => param === name);
    const own = link === undefined ? undefined : extractions[link.from];
    if (link === undefined || own === undefined || (typeof value !== 'string' && typeof value !== 'number'))
      return [name, value];
    const key = link.path.join('/');
    let found = own.find(({ path }) => path.join('/') === key);
    if (found === undefined) {
      const otherwise = link.type === 'number' ? Number(value) : String(value);
      if (Number.isNaN(otherwise)) return [name, value];
      found = {
        variable: names.take(camelName(link.path.at(-1) === 'id' ? name : link.path.at(-1)!), 'id'),
        type: link.type,
        path: link.path,
        otherwise,
      };
      own.push(found);
    }
    const { variable, type } = found;
    return [name, new Dynamic([{ kind: 'variable', name: variable, type }], type)];
  });
  return { ...request, params };
}

function replaced(
  value: Value,
  place: Place,
  known: Known,
  variableOf: (each: FoundValue) => DynamicPart,
): Value {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const text = String(value);
  const whole = known.get(text);
  if (whole !== undefined && fits(whole, place))
    return new Dynamic([variableOf(whole)], typeof value === 'number' ? 'number' : 'string');
  if (typeof value === 'number') return value;
  const [, scheme = '', token = ''] = (place.kind === 'header' && /^([\w-]+ )(\S+)$/.exec(text)) || [];
  const behind = known.get(token);
  if (behind !== undefined) return new Dynamic([scheme, variableOf(behind)]);
  if (text.length > LONGEST_TEXT) return value;
  for (const each of known.values()) {
    const at = each.value.length < LONG ? -1 : text.indexOf(each.value);
    if (at >= 0)
      return new Dynamic([text.slice(0, at), variableOf(each), text.slice(at + each.value.length)]);
  }
  return value;
}

/** `orderId` for `order.id`, `token` for `data.token`. */
function variableName(path: readonly (string | number)[]): string {
  const words = path.filter((part) => typeof part === 'string');
  const own = camelName(words.at(-1) ?? '');
  if (own !== 'id' || words.length < 2) return own;
  return camelName(`${singular(words.at(-2) ?? '')} id`);
}
