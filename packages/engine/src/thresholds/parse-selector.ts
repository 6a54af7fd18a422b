import type { Tags } from '../model/scenario.ts';
import { show } from '../show.ts';
import { Scanner } from './scanner.ts';

/** A metric, or the part of it whose samples carry certain tags. */
export interface MetricSelector {
  readonly metric: string;
  /** Every one of them must match. Empty: the whole metric. */
  readonly tags: Tags;
}

const EXAMPLES =
  "http_req_duration, http_req_duration{operation:chat.send}, checks{scenario:chat,check:'has a reply'}";
const CLOSING_QUOTE: Readonly<Record<string, RegExp>> = { "'": /'/y, '"': /"/y };
const QUOTED: Readonly<Record<string, RegExp>> = { "'": /[^']*/y, '"': /[^"]*/y };

/**
 * Reads k6's `metric` or `metric{tag:value,...}`. Spaces around names and values are ignored. Tags and values may be quoted, to
 * contain commas, colons, braces or spaces. Unquoted values may hold colons, as in k6. Each tag is there once.
 * @throws EngineError `invalid-threshold`
 */
export function parseSelector(source: string): MetricSelector {
  const scanner = new Scanner(source, `threshold metric ${show(source)}`, EXAMPLES);
  const selector = readSelector(scanner);
  if (!scanner.atEnd) scanner.fail("'{' and tags, or nothing more");
  return selector;
}

/**
 * Splits `selector:expression` at the colon behind the selector, as tags may hold colons; `undefined` for text that does not begin
 * with a selector and a colon.
 * @throws EngineError `invalid-threshold` for tags that cannot be read
 */
export function splitThreshold(source: string): readonly [string, string] | undefined {
  if (!/^\s*[\p{L}_][\p{L}\p{N}_.-]*\s*[:{]/u.test(source)) return undefined;
  const scanner = new Scanner(source, `threshold ${show(source)}`, EXAMPLES);
  readSelector(scanner);
  const [selector, rest] = scanner.split();
  if (!rest.startsWith(':')) return undefined;
  // Only behind the metric: a quoted value may hold a brace, too.
  return [selector.trim().replace(/^([^\s{]+)\s+(?=\{)/, '$1'), rest.slice(1).trim()];
}

function readSelector(scanner: Scanner): MetricSelector {
  scanner.skipSpace();
  const metric = scanner.expect(/[\p{L}_][\p{L}\p{N}_.-]*/uy, 'the name of a metric');
  scanner.skipSpace();
  // No prototype, as a tag may have the name of a member of `Object.prototype`.
  const tags = Object.create(null) as Record<string, string>;
  if (scanner.take(/\{/y) !== undefined) {
    do {
      scanner.skipSpace();
      const tag = quoted(scanner) ?? scanner.expect(/[^\s:,{}'"][^:,{}]*/y, 'the name of a tag').trim();
      scanner.skipSpace();
      scanner.expect(/:/y, `':' and the value of tag ${show(tag)}`);
      scanner.skipSpace();
      const value =
        quoted(scanner) ?? scanner.expect(/[^\s,{}'"][^,{}]*/y, `the value of tag ${show(tag)}`).trim();
      if (tag in tags) scanner.fail(`each tag once, but ${show(tag)} is there twice`);
      tags[tag] = value;
      scanner.skipSpace();
    } while (scanner.take(/,/y) !== undefined);
    scanner.expect(/\}/y, "',' and another tag, or '}'");
    scanner.skipSpace();
  }
  return { metric, tags };
}

/** Writes a selector so that {@link parseSelector} reads it back; tags keep their order. */
export function formatSelector({ metric, tags }: MetricSelector): string {
  const list = Object.entries(tags).map(
    ([tag, value]) => `${quoteIfNeeded(tag, /[\s:,{}'"]/)}:${quoteIfNeeded(value, /[\s,{}'"]/)}`,
  );
  return list.length === 0 ? metric : `${metric}{${list.join(',')}}`;
}

function quoted(scanner: Scanner): string | undefined {
  const quote = scanner.take(/['"]/y);
  if (quote === undefined) return undefined;
  const text = scanner.take(QUOTED[quote]!) ?? '';
  scanner.expect(CLOSING_QUOTE[quote]!, `the closing ${quote}`);
  return text;
}

function quoteIfNeeded(text: string, special: RegExp): string {
  if (text !== '' && !special.test(text)) return text;
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
