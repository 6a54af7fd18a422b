import type { LeftOut } from './model.ts';

/** Collects what is left out, by reason. */
export class LeftOutList {
  readonly #byReason = new Map<string, { readonly what: Set<string>; requests: number }>();

  add(reason: string, what: string): void {
    let entry = this.#byReason.get(reason);
    if (entry === undefined) this.#byReason.set(reason, (entry = { what: new Set(), requests: 0 }));
    entry.what.add(what);
    entry.requests++;
  }

  list(): readonly LeftOut[] {
    return [...this.#byReason].map(([reason, { what, requests }]) => ({ reason, what: [...what], requests }));
  }
}
