import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import type { PackedSnapshot } from '@jarvis-load/engine/replay';

/** Name of the journal in the folder of a run. */
export const JOURNAL_NAME = 'journal.ndjson';

/** What a line of a journal holds: the head of the run, one second of it, or its end; their text is JSON. */
export type JournalPart =
  | { readonly part: 'run' | 'end' | 'snapshot'; readonly text: string }
  | ({ readonly part: 'second' } & PackedSnapshot);

/** A line of this many bytes of JSON is no second of a run. */
const MOST_BYTES = 256 * 2 ** 20;
/** Histograms are small numbers that rarely repeat: codes of their frequency shorten them more than repetitions do. */
const NUMBERS: ZlibOptions = { strategy: constants.Z_FILTERED };
/** Of JSON, which has no others; `node:readline` ends a line there. */
const LINE_BREAKS = /[\u2028\u2029]/g;

/*
 * One line each: {"run":{...}}, {"second":["...","..."]} each second, {"end":{...}}. The texts of a second are base64 of its JSON and
 * of its histograms, each compressed by zlib, whose checksums find damage. The JSON of the line before is the dictionary of
 * the JSON: names are the same in each second, and cost nothing. A line can therefore be read only after those before it.
 * Earlier versions wrote {"snapshot":"..."}, base64 of the compressed JSON, or {"snapshot":{...}}.
 */

/** Makes the lines of one journal. */
export class JournalEncoder {
  #before = '';

  /** @param text JSON of the part, as `@jarvis-load/engine/replay` writes it */
  line(part: 'run' | 'end', text: string): string {
    this.#before = text.replace(LINE_BREAKS, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
    return `{"${part}":${this.#before}}\n`;
  }

  /** Between the steps the event loop may turn. */
  *second({ text, histograms }: PackedSnapshot): Generator<undefined, string> {
    const packed = base64(deflateSync(text, { dictionary: Buffer.from(this.#before) }));
    this.#before = text;
    yield;
    return `{"second":["${packed}","${base64(deflateSync(histograms, NUMBERS))}"]}\n`;
  }
}

/** Reads the lines of one journal, in order. */
export class JournalDecoder {
  #before = '';

  /** What a line holds; `undefined` for a line of something else, or a damaged one. */
  read(line: string): JournalPart | undefined {
    const found = /^\{"(run|snapshot|second|end)":(.*)\}$/s.exec(line);
    const [, part, value = ''] = found ?? [];
    if (part === undefined) return undefined;
    const read = part === 'second' ? this.#second(value) : plain(part as 'run' | 'snapshot' | 'end', value);
    if (read !== undefined) this.#before = read.text;
    return read;
  }

  #second(value: string): JournalPart | undefined {
    const [, packed, numbers] = /^\["([\w+/=]+)","([\w+/=]+)"\]$/.exec(value) ?? [];
    if (packed === undefined || numbers === undefined) return undefined;
    const text = inflated(packed, { dictionary: Buffer.from(this.#before) })?.toString();
    const histograms = inflated(numbers);
    return text === undefined || histograms === undefined ? undefined : { part: 'second', text, histograms };
  }
}

function plain(part: 'run' | 'snapshot' | 'end', value: string): JournalPart | undefined {
  if (value.startsWith('{') && value.endsWith('}')) return { part, text: value };
  const text = /^"[\w+/=]+"$/.test(value) ? inflated(value.slice(1, -1))?.toString() : undefined;
  return text === undefined ? undefined : { part, text };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}

function inflated(text: string, options: ZlibOptions = {}): Buffer | undefined {
  try {
    return inflateSync(Buffer.from(text, 'base64'), { ...options, maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}
