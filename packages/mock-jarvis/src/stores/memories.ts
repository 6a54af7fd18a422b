import MiniSearch from 'minisearch';
import type { SearchResult } from 'minisearch';
import type { TextBudget } from './text-budget.ts';

/** One stored exchange of user and assistant. */
export interface Memory {
  readonly id: number;
  readonly owner: string;
  readonly conversationId: string;
  readonly userMessage: string;
  readonly botResponse: string;
  readonly timestamp: string;
}

/** A memory that matches a query, with its BM25+ score. */
export interface MemoryHit {
  readonly memory: Memory;
  readonly score: number;
}

// Accents are removed, so that a search for "synthese" finds "synthèse".
const foldTerm = (term: string): string =>
  term
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '');

const MAX_ANSWERED = 16;

/**
 * Memories in one full-text index of all owners; a search finds those of its owner alone. Bounded in number and text: the oldest are
 * evicted first.
 */
export class MemoryStore {
  readonly #maxMemories: number;
  readonly #budget: TextBudget;
  readonly #memories = new Map<number, Memory>();
  readonly #index = new MiniSearch<Memory>({
    fields: ['userMessage', 'botResponse'],
    processTerm: foldTerm,
    searchOptions: { processTerm: foldTerm, prefix: true },
  });
  // Cache of results: a load test repeats the same queries. Cleared by every change.
  readonly #answered = new Map<string, readonly SearchResult[]>();
  #nextId = 1;

  constructor(maxMemories: number, budget: TextBudget) {
    this.#maxMemories = maxMemories;
    this.#budget = budget;
  }

  get size(): number {
    return this.#memories.size;
  }

  add(memory: Omit<Memory, 'id'>): void {
    const stored = { ...memory, id: this.#nextId };
    this.#nextId += 1;
    this.#answered.clear();
    this.#memories.set(stored.id, stored);
    this.#index.add(stored);
    this.#budget.take(stored.userMessage);
    this.#budget.take(stored.botResponse);
    while (this.#memories.size > this.#maxMemories || (this.#budget.isExceeded && this.#memories.size > 1)) {
      this.#drop(this.#memories.values().next().value!);
    }
  }

  /** Best match first; any word of the query may match, also as a prefix. */
  search(owner: string, query: string, limit: number): { total: number; hits: readonly MemoryHit[] } {
    const found = this.#find(owner, query);
    const hits = found.slice(0, limit).map((result) => ({
      memory: this.#memories.get(result.id as number)!,
      score: Number(result.score.toFixed(4)),
    }));
    return { total: found.length, hits };
  }

  #find(owner: string, query: string): readonly SearchResult[] {
    const key = `${owner}\n${query}`;
    let found = this.#answered.get(key);
    if (found === undefined) {
      found = this.#index.search(query, {
        filter: ({ id }) => this.#memories.get(id as number)?.owner === owner,
      });
      if (this.#answered.size >= MAX_ANSWERED) this.#answered.clear();
      this.#answered.set(key, found);
    }
    return found;
  }

  #drop(memory: Memory): void {
    this.#memories.delete(memory.id);
    this.#index.remove(memory);
    this.#budget.give(memory.userMessage);
    this.#budget.give(memory.botResponse);
  }
}
