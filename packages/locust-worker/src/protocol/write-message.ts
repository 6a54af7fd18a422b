/**
 * MessagePack of what a worker sends. Locust needs maps with integer keys (`response_times`, `num_reqs_per_sec`), which
 * `@msgpack/msgpack` cannot write, and integers as such: a whole number in its CSV would be `3.0` otherwise.
 */

/** What can be written: a `Map` keeps its integer keys, an object has text keys. */
export type Packable =
  | null
  | number
  | string
  | boolean
  | readonly Packable[]
  | ReadonlyMap<number, Packable>
  | { readonly [name: string]: Packable };

/** The frame of a message: `[type, data, node id]`. */
export function writeMessage(type: string, data: Packable, nodeId: string): Uint8Array {
  const writer = new Writer();
  writer.value([type, data, nodeId]);
  return writer.bytes();
}

const ENCODER = new TextEncoder();

class Writer {
  #buffer = new Uint8Array(1024);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  value(value: Packable): void {
    if (value === null) this.#byte(0xc0);
    else if (typeof value === 'boolean') this.#byte(value ? 0xc3 : 0xc2);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#text(value);
    else if (isList(value)) {
      this.#head(value.length, 0x90, 16, 0xdc, 0xdd);
      for (const item of value) this.value(item);
    } else if (isMap(value)) {
      this.#head(value.size, 0x80, 16, 0xde, 0xdf);
      for (const [key, item] of value) {
        this.#number(key);
        this.value(item);
      }
    } else {
      const entries = Object.entries(value);
      this.#head(entries.length, 0x80, 16, 0xde, 0xdf);
      for (const [key, item] of entries) {
        this.#text(key);
        this.value(item);
      }
    }
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value)) this.#integer(value);
    else {
      this.#byte(0xcb);
      this.#room(8);
      this.#view.setFloat64(this.#length, value);
      this.#length += 8;
    }
  }

  #integer(value: number): void {
    if (value >= 0 && value < 0x80) this.#byte(value);
    else if (value < 0 && value >= -0x20) this.#byte(0x100 + value);
    else if (value >= 0 && value <= 0xffff_ffff) {
      this.#byte(0xce);
      this.#uint32(value);
    } else {
      this.#byte(0xd3);
      this.#room(8);
      this.#view.setBigInt64(this.#length, BigInt(value));
      this.#length += 8;
    }
  }

  #text(value: string): void {
    const bytes = ENCODER.encode(value);
    this.#head(bytes.length, 0xa0, 32, 0xda, 0xdb);
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The head of a text, a list or a map: the shortest form for its length. */
  #head(length: number, short: number, shorterThan: number, of16: number, of32: number): void {
    if (length < shorterThan) this.#byte(short | length);
    else if (length <= 0xffff) {
      this.#byte(of16);
      this.#room(2);
      this.#view.setUint16(this.#length, length);
      this.#length += 2;
    } else {
      this.#byte(of32);
      this.#uint32(length);
    }
  }

  #uint32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }

  #byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#length++] = value;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + bytes));
    larger.set(this.#buffer);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function isList(value: object): value is readonly Packable[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<number, Packable> {
  return value instanceof Map;
}
