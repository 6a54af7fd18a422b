import type { BoundThreshold } from '../thresholds/bind.ts';
import type { ThresholdOutcome } from '../thresholds/evaluate.ts';

/** A window of a threshold with `over`. Milliseconds since the start of the run. */
export interface JudgedWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: ThresholdOutcome;
}

const SEVERITY: Readonly<Record<ThresholdOutcome['status'], number>> = {
  pass: 0,
  'no-data': 0,
  unproven: 1,
  'machine-limited': 2,
  fail: 3,
};

/** Counts the windows of a threshold by how they ended, and keeps the worst one. */
export class WindowTally {
  readonly #threshold: BoundThreshold;
  #worst: JudgedWindow | undefined;
  #firstEmpty: JudgedWindow | undefined;
  #windows = 0;
  #failed = 0;
  #excused = 0;
  #unproven = 0;
  #empty = 0;

  constructor(threshold: BoundThreshold) {
    this.#threshold = threshold;
  }

  get windows(): number {
    return this.#windows;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Those without data. */
  get empty(): number {
    return this.#empty;
  }

  /** Of those with data; the first of several that are as bad. */
  get worst(): JudgedWindow | undefined {
    return this.#worst;
  }

  get firstEmpty(): JudgedWindow | undefined {
    return this.#firstEmpty;
  }

  /** In words. */
  get count(): string {
    if (this.#failed > 0) return `${this.#failed} of ${this.#windows} windows failed`;
    if (this.#excused > 0) {
      return `${this.#excused} of ${this.#windows} windows failed, and waiting for a processor can explain it`;
    }
    if (this.#unproven > 0) return `${this.#unproven} of ${this.#windows} windows have too few samples`;
    return `${this.#windows} windows`;
  }

  note(window: JudgedWindow): void {
    const { status } = window.outcome;
    this.#windows++;
    if (status === 'no-data') {
      this.#empty++;
      this.#firstEmpty ??= window;
      return;
    }
    if (status === 'fail') this.#failed++;
    if (status === 'machine-limited') this.#excused++;
    if (status === 'unproven') this.#unproven++;
    this.#keepWorse(window);
  }

  /** Adds later windows of the same threshold. */
  add(later: WindowTally): void {
    this.#windows += later.#windows;
    this.#failed += later.#failed;
    this.#excused += later.#excused;
    this.#unproven += later.#unproven;
    this.#empty += later.#empty;
    this.#firstEmpty ??= later.#firstEmpty;
    if (later.#worst !== undefined) this.#keepWorse(later.#worst);
  }

  #keepWorse(window: JudgedWindow): void {
    if (this.#worst === undefined || this.#isWorse(window.outcome, this.#worst.outcome)) this.#worst = window;
  }

  #isWorse(candidate: ThresholdOutcome, worst: ThresholdOutcome): boolean {
    if (candidate.status !== worst.status) return SEVERITY[candidate.status] > SEVERITY[worst.status];
    const { operator, limit } = this.#threshold;
    const [a, b] = [candidate.measured ?? limit, worst.measured ?? limit];
    if (operator.startsWith('<')) return a > b;
    if (operator.startsWith('>')) return a < b;
    return operator === '!='
      ? Math.abs(a - limit) < Math.abs(b - limit)
      : Math.abs(a - limit) > Math.abs(b - limit);
  }
}
