/** When a run was paused, on its clock. */
export class PauseWatch {
  readonly #pauses: { readonly startMs: number; endMs: number }[] = [];

  /** Whether it is paused now. */
  get on(): boolean {
    return this.#pauses.at(-1)?.endMs === Number.POSITIVE_INFINITY;
  }

  begin(nowMs: number): void {
    if (!this.on) this.#pauses.push({ startMs: nowMs, endMs: Number.POSITIVE_INFINITY });
  }

  end(nowMs: number): void {
    if (this.on) this.#pauses.at(-1)!.endMs = nowMs;
  }

  /** Milliseconds of pause from `originMs` to `nowMs`. */
  since(originMs: number, nowMs: number): number {
    return this.#pauses.reduce(
      (sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, nowMs) - Math.max(startMs, originMs)),
      0,
    );
  }
}
