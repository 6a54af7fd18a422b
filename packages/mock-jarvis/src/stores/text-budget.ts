/** Counts the text that stores hold together, two bytes a character as V8 keeps it at worst. */
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
