import { isPlainObject } from '../input/option-reader.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { readHistogramText } from '../recorder/histogram-text.ts';
import { EMPTY_HISTOGRAM } from '../recorder/packed-histograms.ts';
import { show } from '../show.ts';
import { invalid } from './record-format.ts';

/**
 * Reads one object of a written record; every error (`invalid-snapshot`) names the path and what was expected, except that of a
 * histogram of format 1 (`invalid-histogram`). Checks types, no ranges. Histograms are shared with other readers: nobody changes them.
 */
export class PartReader {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #histograms: readonly HistogramSnapshot[];

  /** @param histograms that the values name by their place */
  constructor(
    values: Readonly<Record<string, unknown>>,
    path: string,
    histograms: readonly HistogramSnapshot[] = [],
  ) {
    this.#values = values;
    this.#path = path;
    this.#histograms = histograms;
  }

  get names(): string[] {
    return Object.keys(this.#values);
  }

  /** False also for null. */
  has(name: string): boolean {
    return this.#value(name) !== undefined && this.#value(name) !== null;
  }

  number(name: string): number {
    const value = this.#value(name);
    return typeof value === 'number' ? value : this.#refuse(name, 'a number');
  }

  numberOrNull(name: string): number | null {
    return this.#value(name) === null ? null : this.number(name);
  }

  /** A number that is left out when it is 0. */
  count(name: string): number {
    return this.#value(name) === undefined ? 0 : this.number(name);
  }

  text(name: string): string {
    const value = this.#value(name);
    return typeof value === 'string' ? value : this.#refuse(name, 'a text');
  }

  flag(name: string): boolean {
    const value = this.#value(name);
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.#value(name);
    return choices.find((choice) => choice === value) ?? this.#refuse(name, `one of ${choices.join(', ')}`);
  }

  object(name: string): PartReader {
    const value = this.#value(name);
    if (!isPlainObject(value)) return this.#refuse(name, 'an object');
    return new PartReader({ ...value }, `${this.#path}.${name}`, this.#histograms);
  }

  /** Objects; none where it is left out. */
  list(name: string): PartReader[] {
    return this.#list(name).map((item, index) => {
      if (!isPlainObject(item)) return this.#refuse(name, 'a list of objects');
      return new PartReader({ ...item }, `${this.#path}.${name}[${index}]`, this.#histograms);
    });
  }

  /** @param length that it must have, if given */
  numbers(name: string, length?: number): number[] {
    const list = this.#list(name).filter((item): item is number => typeof item === 'number');
    const wanted = length ?? this.#list(name).length;
    return list.length === wanted ? list : this.#refuse(name, `a list of ${wanted} numbers`);
  }

  /** Without values where it is left out. */
  histogram(name: string): HistogramSnapshot {
    const value = this.#value(name);
    return value === undefined ? EMPTY_HISTOGRAM : this.#histogram(name, value);
  }

  /** Histograms by a number, such as a second. */
  numberedHistograms(name: string): (readonly [number, HistogramSnapshot])[] {
    return this.#list(name).map((item) => {
      const [number, value] = Array.isArray(item) ? (item as unknown[]) : [];
      if (typeof number === 'number') return [number, this.#histogram(name, value)] as const;
      return this.#refuse(name, 'a list of pairs of a number and a histogram');
    });
  }

  /** One count for each name; those of 0 are left out in the text. */
  counts<const Name extends string>(name: string, names: readonly Name[]): Record<Name, number> {
    const counts = this.object(name);
    return Object.fromEntries(names.map((each) => [each, counts.count(each)])) as Record<Name, number>;
  }

  /** By its place, or its text in format 1. */
  #histogram(name: string, value: unknown): HistogramSnapshot {
    if (typeof value === 'string') return readHistogramText(value);
    const found = typeof value === 'number' ? this.#histograms[value] : undefined;
    return found ?? this.#refuse(name, `a histogram; the record has ${this.#histograms.length}`);
  }

  #list(name: string): unknown[] {
    const value = this.#value(name) ?? [];
    return Array.isArray(value) ? value : this.#refuse(name, 'a list');
  }

  #value(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #refuse(name: string, expected: string): never {
    throw invalid(`${this.#path}.${name}`, `it is ${show(this.#value(name))}; expected ${expected}`);
  }
}
