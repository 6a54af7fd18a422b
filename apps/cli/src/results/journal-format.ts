import { crc32, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import type { PackedSnapshot } from '@jarvis-load/engine/replay';
import { decodeText91, encodeText91 } from './text-91.ts';

/** Name of the journal in the folder of a run. */
export const JOURNAL_NAME = 'journal.ndjson';

/** What a line of a journal holds: the head of the run, one second of it, or its end; their text is JSON. */
export type JournalPart =
  | { readonly part: 'run' | 'end' | 'snapshot'; readonly text: string }
  | ({ readonly part: 'second' } & PackedSnapshot);

/** A line whose JSON is longer is damaged. */
const MOST_BYTES = 256 * 2 ** 20;
/** Of the checksum behind the histograms. */
const CHECKSUM_BYTES = 4;
/** Line breaks that JSON may hold unescaped; readers that split lines by Unicode rules would end a line there. */
const LINE_BREAKS = /[\u2028\u2029]/g;

/*
 * One line each: {"run":{...}}, {"packed":["...","..."]} each second, {"end":{...}}. A second is two texts (text-91.ts):
 *
 * - its JSON, compressed by zlib, whose checksum finds damage. The JSON of the line before is the dictionary: names are the same
 *   in each second, and take a few bytes. A line can therefore be read only after those before it.
 * - its histograms, as the engine packs them, which zlib would not shorten, and their CRC-32.
 *
 * Earlier versions wrote {"second":["...","..."]}, base64 of JSON and histograms, both compressed; before that
 * {"snapshot":"..."}, base64 of the compressed JSON, or {"snapshot":{...}}.
 */

/** Makes the lines of one journal, in order; each must stand in the file, since it is the dictionary of the next one. */
export class JournalEncoder {
  #before = '';

  /** @param text JSON of the part, as `@jarvis-load/engine/replay` writes it */
  line(part: 'run' | 'end', text: string): string {
    this.#before = text.replace(LINE_BREAKS, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
    return `{"${part}":${this.#before}}\n`;
  }

  second({ text, histograms }: PackedSnapshot): string {
    const json = encodeText91(deflateSync(text, { dictionary: Buffer.from(this.#before) }));
    this.#before = text;
    return `{"packed":["${json}","${encodeText91(withChecksum(histograms))}"]}\n`;
  }
}

/** Reads the lines of one journal, all in order: after a damaged one no packed second can be read until a line of another kind. */
export class JournalDecoder {
  #before = '';

  /** What a line holds; `undefined` for a line of something else, or a damaged one. */
  read(line: string): JournalPart | undefined {
    const found = /^\{"(run|snapshot|second|packed|end)":(.*)\}$/s.exec(line);
    const [, part, value = ''] = found ?? [];
    if (part === undefined) return undefined;
    const read =
      part === 'packed' || part === 'second'
        ? this.#second(value, part)
        : plain(part as 'run' | 'snapshot' | 'end', value);
    if (read !== undefined) this.#before = read.text;
    return read;
  }

  #second(value: string, part: 'packed' | 'second'): JournalPart | undefined {
    const [, json, numbers] = /^\["([^"]+)","([^"]+)"\]$/.exec(value) ?? [];
    if (json === undefined || numbers === undefined) return undefined;
    const isPacked = part === 'packed';
    const dictionary = Buffer.from(this.#before);
    const text = inflated(isPacked ? decodeText91(json) : base64(json), { dictionary })?.toString();
    const histograms = isPacked ? checked(decodeText91(numbers)) : inflated(base64(numbers));
    return text === undefined || histograms === undefined ? undefined : { part: 'second', text, histograms };
  }
}

function plain(part: 'run' | 'snapshot' | 'end', value: string): JournalPart | undefined {
  if (value.startsWith('{') && value.endsWith('}')) return { part, text: value };
  const text = /^"[\w+/=]+"$/.test(value) ? inflated(base64(value.slice(1, -1)))?.toString() : undefined;
  return text === undefined ? undefined : { part, text };
}

function base64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

function withChecksum(bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(bytes.length + CHECKSUM_BYTES);
  whole.set(bytes);
  whole.writeUInt32BE(crc32(bytes), bytes.length);
  return whole;
}

/** The bytes before the checksum; undefined where they do not fit it. */
function checked(whole: Buffer | undefined): Buffer | undefined {
  if (whole === undefined || whole.length < CHECKSUM_BYTES) return undefined;
  const bytes = whole.subarray(0, -CHECKSUM_BYTES);
  return crc32(bytes) === whole.readUInt32BE(bytes.length) ? bytes : undefined;
}

function inflated(bytes: Buffer | undefined, options: ZlibOptions = {}): Buffer | undefined {
  if (bytes === undefined) return undefined;
  try {
    return inflateSync(bytes, { ...options, maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}
