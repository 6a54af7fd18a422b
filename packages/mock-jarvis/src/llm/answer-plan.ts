import type { MockConfig } from '../config/schema.ts';
import { sampleLatencyMs, sampleLength } from '../latency/sample.ts';
import { RandomStream } from '../random/stream.ts';
import { tokenAt } from './vocabulary.ts';

/** The first lane of each draw, which takes up to two; each gap has two of its own from `firstGap` on. */
const LANE = { start: 0, length: 2, reasoning: 4, id: 6, firstGap: 8 } as const;

/**
 * What the model answers to one request: drawn from the seed and the number of the request, not from its text, so that with the
 * same settings the request of that number gets the same answer in another run.
 */
export class AnswerPlan {
  readonly id: string;
  /** Tokens in all, those of reasoning first. */
  readonly tokens: number;
  readonly reasoningTokens: number;
  /** Whether `max_tokens` ended the answer. */
  readonly isCut: boolean;
  readonly #random: RandomStream;
  readonly #ordinal: number;
  readonly #start: number;
  readonly #gap: MockConfig['llm']['gap'];

  /** @param maxTokens of the request; undefined = no limit */
  constructor(config: MockConfig, ordinal: number, maxTokens: number | undefined) {
    const { llm, seed } = config;
    const random = new RandomStream(seed, 'llm');
    this.#random = random;
    this.#ordinal = ordinal;
    this.#gap = llm.gap;
    this.#start = random.bits(ordinal, LANE.start) & 0xffff;
    const hex = (lane: number): string => random.bits(ordinal, lane).toString(16).padStart(8, '0');
    this.id = `${hex(LANE.id)}${hex(LANE.id + 1)}`;
    const reasoning = sampleLength(llm.reasoningTokens, random, ordinal, LANE.reasoning);
    const wanted = reasoning + sampleLength(llm.answerTokens, random, ordinal, LANE.length);
    this.tokens = Math.min(wanted, maxTokens ?? wanted);
    this.reasoningTokens = Math.min(reasoning, this.tokens);
    this.isCut = this.tokens < wanted;
  }

  /** The text of `count` tokens from `from` on. */
  text(from: number, count: number): string {
    let text = '';
    for (let index = from; index < from + count; index += 1) text += tokenAt(this.#start, index);
    return text;
  }

  /** Time before event `step` (from 1), for an answer that is generated alone. */
  gapMs(step: number): number {
    return sampleLatencyMs(this.#gap, this.#random, this.#ordinal, LANE.firstGap + 2 * step);
  }
}
