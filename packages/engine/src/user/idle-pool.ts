/** An object that can be kept for reuse, in one pool at a time. */
export interface Reusable<Item> {
  /** The next one in its pool. */
  nextIdle: Item | undefined;
}

/** Objects kept for reuse, last in first out: a linked list, as an array that was filled once holds 17 places for each user. */
export class IdlePool<Item extends Reusable<Item>> {
  #first: Item | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  put(item: Item): void {
    item.nextIdle = this.#first;
    this.#first = item;
    this.#size += 1;
  }

  take(): Item | undefined {
    const item = this.#first;
    if (item === undefined) return undefined;
    this.#first = item.nextIdle;
    item.nextIdle = undefined;
    this.#size -= 1;
    return item;
  }
}
