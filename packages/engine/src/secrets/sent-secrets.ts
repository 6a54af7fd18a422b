import { Redactor } from './redactor.ts';
import { isPlainHeader } from './secret-names.ts';
import { headerSource, secretValues, type SecretSource } from './secret-values.ts';

/** Recent values of one name: a token and those that it replaced. */
const RECENT = 3;
/** Of one user; beyond this, further names are not kept. */
const MOST_OF_USER = 96;
/** Recent sources over all users of a thread. */
const MOST_OF_THREAD = 512;
/** Bodies of logins are small; longer ones are looked at only where their own request fails. */
const LONGEST_BODY = 1000;
const HOLDS_SECRET = /passw|passphr|pwd|secret|token|credential|api[_-]?key/i;

/**
 * The secrets of a run as one thread knows them: headers of every request, and what its users sent of late. Each redactor is made
 * anew, and knows what was sent until then; older values than the limits above keep are not found.
 */
export class ThreadSecrets {
  readonly #ofRun: readonly string[];
  readonly #recent: SecretSource[] = [];
  #next = 0;

  /** @param headers sent with every request */
  constructor(headers: Readonly<Record<string, string>>) {
    this.#ofRun = Object.entries(headers).flatMap(([name, value]) => {
      const source = headerSource(name, value);
      return source === undefined ? [] : secretValues(source);
    });
  }

  add(source: SecretSource): void {
    this.#recent[this.#next] = source;
    this.#next = (this.#next + 1) % MOST_OF_THREAD;
  }

  /** Without `sources`: with those of every user, for texts of which nobody knows whose they are. */
  redactor(sources: readonly SecretSource[] = this.#recent): Redactor {
    return new Redactor([...this.#ofRun, ...sources.flatMap(secretValues)]);
  }
}

/** With the name of the header, or `{}` for a body and `?` for a path. */
interface NamedSource extends SecretSource {
  readonly name: string;
}

const NO_SOURCES: readonly NamedSource[] = [];

/** What one user sent that may be a secret. Texts are kept as they are, and read when something has failed. */
export class SentSecrets {
  readonly #thread: ThreadSecrets;
  /** Oldest first. Most users have one or two: a map of names would take 400 bytes. */
  #sources: readonly NamedSource[] = NO_SOURCES;

  constructor(thread: ThreadSecrets) {
    this.#thread = thread;
  }

  /** Called for each request. */
  note(headers: Readonly<Record<string, string>> | undefined, path: string, body: unknown): void {
    for (const name in headers) if (!isPlainHeader(name)) this.#noteHeader(name, headers[name]!);
    if (typeof body === 'string' && body.length <= LONGEST_BODY && HOLDS_SECRET.test(body))
      this.#note('{}', body, 'body');
    if (path.includes('?') && HOLDS_SECRET.test(path)) this.#note('?', path, 'path');
  }

  /** @param more known only to the request that failed */
  redactor(more: readonly SecretSource[] = []): Redactor {
    return this.#thread.redactor([...this.#sources, ...more]);
  }

  #noteHeader(name: string, value: string): void {
    this.#note(name, value, /^cookie$/i.test(name) ? 'cookie' : 'header');
  }

  #note(name: string, text: string, kind: SecretSource['kind']): void {
    const sources = this.#sources;
    let count = 0;
    let oldest: NamedSource | undefined;
    for (const one of sources) {
      if (one.name !== name) continue;
      if (one.text === text) return;
      oldest ??= one;
      count++;
    }
    if (count === 0 && sources.length >= MOST_OF_USER) return;
    const source = { name, kind, text };
    const kept = count === RECENT ? sources.filter((one) => one !== oldest) : sources;
    this.#sources = [...kept, source];
    this.#thread.add(source);
  }
}
