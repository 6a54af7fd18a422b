/**
 * Counts the text held by all stores together, at two bytes per character (V8's worst case). A store gives back each text that it
 * took when it drops it; above the budget it drops texts of its own.
 */
export class TextBudget {
  readonly #maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isExceeded(): boolean {
    return this.#usedBytes > this.#maxBytes;
  }

  take(text: string): void {
    this.#usedBytes += text.length * 2;
  }

  give(text: string): void {
    this.#usedBytes -= text.length * 2;
  }
}
