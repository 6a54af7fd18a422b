/** An event as it is sent: serialised once for all pages. */
export interface LiveEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

/** Events kept for pages that reconnect: some minutes of a run. */
const KEPT = 300;
/** Characters of all of them; a large state must not fill the memory 300 times. */
const KEPT_CHARACTERS = 8_000_000;

/**
 * The last events, with ids that rise. Bounded in number and size.
 *
 * Must hold:
 * - The prefix is another one for each start of the server, and has no `-`: the page knows a restart by it (`page/live.ts`).
 * - Data is one line of JSON, made when the event is added. Listeners are called within `add`, and do not throw.
 */
export class EventJournal {
  readonly #prefix: string;
  #next = 1;
  #events: LiveEvent[] = [];
  #characters = 0;
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  /** @param prefix of all ids */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get lastId(): string {
    return `${this.#prefix}-${this.#next - 1}`;
  }

  add(name: string, value: unknown): void {
    const event = { id: `${this.#prefix}-${this.#next++}`, name, data: JSON.stringify(value) };
    this.#events.push(event);
    this.#characters += event.data.length;
    while (this.#events.length > KEPT || (this.#characters > KEPT_CHARACTERS && this.#events.length > 1))
      this.#characters -= this.#events.shift()!.data.length;
    for (const listener of this.#listeners) listener(event);
  }

  /** Events after this id; undefined: not all of them are kept, or the id is unknown. */
  after(id: string): readonly LiveEvent[] | undefined {
    if (id === this.lastId) return [];
    const index = this.#events.findIndex((event) => event.id === id);
    if (index >= 0) return this.#events.slice(index + 1);
    return undefined;
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
