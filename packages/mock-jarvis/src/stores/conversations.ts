import type { TextBudget } from './text-budget.ts';

/** One message of a conversation. */
export interface StoredMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly timestamp: string;
}

/** A conversation of one user. */
export interface StoredConversation {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly createdAt: string;
  updatedAt: string;
  /** Number of all messages ever added; only the newest are kept. */
  messageCount: number;
  readonly messages: StoredMessage[];
}

/** Limits of the store. */
export interface ConversationLimits {
  readonly conversations: number;
  readonly messagesPerConversation: number;
}

const keyOf = (owner: string, id: string): string => `${owner}\n${id}`;

/**
 * Conversations by owner and id. Bounded in number and text: the one that was created, or got a message, longest ago is
 * evicted first; reading does not count.
 *
 * Must hold: `create` only with an id that `find` does not know, and `append` right after `find` or `create`: the budget, which
 * all stores share, would count texts that are gone.
 */
export class ConversationStore {
  readonly #limits: ConversationLimits;
  readonly #budget: TextBudget;
  // A Map keeps insertion order, so deleting and re-adding an entry makes it the newest.
  readonly #all = new Map<string, StoredConversation>();
  readonly #byOwner = new Map<string, Map<string, StoredConversation>>();

  constructor(limits: ConversationLimits, budget: TextBudget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  get size(): number {
    return this.#all.size;
  }

  create(owner: string, id: string, title: string, timestamp: string): StoredConversation {
    const created = {
      id,
      owner,
      title,
      createdAt: timestamp,
      updatedAt: timestamp,
      messageCount: 0,
      messages: [],
    };
    this.#budget.take(title);
    this.#put(created);
    this.#trim();
    return created;
  }

  find(owner: string, id: string): StoredConversation | undefined {
    return this.#all.get(keyOf(owner, id));
  }

  /** The one with the newest message first. */
  list(owner: string, offset: number, limit: number): { total: number; page: readonly StoredConversation[] } {
    const owned = this.#byOwner.get(owner);
    if (owned === undefined) return { total: 0, page: [] };
    const all = [...owned.values()];
    const end = Math.max(0, all.length - offset);
    return { total: all.length, page: all.slice(Math.max(0, end - limit), end).reverse() };
  }

  append(conversation: StoredConversation, messages: readonly StoredMessage[]): void {
    for (const message of messages) {
      conversation.messages.push(message);
      conversation.messageCount += 1;
      conversation.updatedAt = message.timestamp;
      this.#budget.take(message.content);
    }
    while (conversation.messages.length > this.#limits.messagesPerConversation) {
      this.#budget.give(conversation.messages.shift()!.content);
    }
    if (this.#all.has(keyOf(conversation.owner, conversation.id))) this.#put(conversation);
    this.#trim();
  }

  delete(owner: string, id: string): boolean {
    const found = this.find(owner, id);
    if (found !== undefined) this.#drop(found);
    return found !== undefined;
  }

  #put(conversation: StoredConversation): void {
    const { owner, id } = conversation;
    const key = keyOf(owner, id);
    this.#all.delete(key);
    this.#all.set(key, conversation);
    let owned = this.#byOwner.get(owner);
    if (owned === undefined) {
      owned = new Map();
      this.#byOwner.set(owner, owned);
    }
    owned.delete(id);
    owned.set(id, conversation);
  }

  #drop(conversation: StoredConversation): void {
    const { owner, id } = conversation;
    this.#all.delete(keyOf(owner, id));
    const owned = this.#byOwner.get(owner)!;
    owned.delete(id);
    if (owned.size === 0) this.#byOwner.delete(owner);
    this.#budget.give(conversation.title);
    for (const message of conversation.messages) this.#budget.give(message.content);
  }

  #trim(): void {
    while (this.#all.size > this.#limits.conversations || (this.#budget.isExceeded && this.#all.size > 1)) {
      this.#drop(this.#all.values().next().value!);
    }
  }
}
