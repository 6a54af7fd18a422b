import { reasonOf } from '@jarvis-load/engine/show';
import { utf8Length } from '../data/utf8.ts';
import { isRecord } from '../dialects/rules.ts';
import { JarvisError } from '../error.ts';

/** What a user says in one turn. */
export interface PromptTurn {
  readonly text: string;
  /** Length in tokens of the answer in the file (estimated), or `max_tokens` of the entry; undefined: the file has neither. */
  readonly answerTokens?: number;
}

/** A conversation of a file of prompts: at least one turn. */
export interface Prompt {
  readonly turns: readonly PromptTurn[];
}

const EXPECTED =
  'a JSON list, or lines of JSON, of {"prompt": "..."}, {"messages": [{"role": "user", "content": "..."}]}, ShareGPT\'s {"conversations": [{"from": "human", "value": "..."}]}, or texts';
const USERS: ReadonlySet<unknown> = new Set(['user', 'human']);
const ASSISTANTS: ReadonlySet<unknown> = new Set(['assistant', 'gpt', 'chatgpt', 'bot']);
/** Without a tokenizer: four bytes of UTF-8 count as a token, as in `chat-stream.ts` and in the mock (`llm/vocabulary.ts`). */
const BYTES_PER_TOKEN = 4;

/**
 * Reads a file of prompts. Entries without a turn of a user, which ShareGPT files have, are left out.
 *
 * @param name of the file, for errors
 * @throws JarvisError `invalid_setting`, naming the entry
 */
export function parsePrompts(text: string, name: string): readonly Prompt[] {
  const prompts = entriesOf(text, name).flatMap(({ value, where }) => promptOf(value, `${name}: ${where}`));
  if (prompts.length > 0) return prompts;
  throw new JarvisError('invalid_setting', `${name}: has no prompt; expected ${EXPECTED}.`);
}

/** Length of a text in tokens, estimated. */
const estimateTokens = (text: string): number => Math.max(1, Math.ceil(utf8Length(text) / BYTES_PER_TOKEN));

interface Entry {
  readonly value: unknown;
  readonly where: string;
}

function entriesOf(text: string, name: string): readonly Entry[] {
  if (text.trimStart().startsWith('[')) {
    const list = parse(text, name);
    if (Array.isArray(list))
      return list.map((value: unknown, index) => ({ value, where: `entry ${index + 1}` }));
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `line ${index + 1}`;
    return [{ value: parse(line, `${name}: ${where}`), where }];
  });
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JarvisError(
      'invalid_setting',
      `${where} is not JSON (${reasonOf(error)}); expected ${EXPECTED}.`,
    );
  }
}

function promptOf(value: unknown, where: string): readonly Prompt[] {
  if (typeof value === 'string') return one([{ text: value }], where);
  if (!isRecord(value)) throw refused(where, 'is neither an object nor a text');
  const { prompt, messages, conversations, max_tokens: most } = value;
  if (most !== undefined && !(Number.isInteger(most) && Number(most) > 0))
    throw refused(where, `has max_tokens ${JSON.stringify(most)}, which is no number of tokens`);
  const limited = (turns: readonly PromptTurn[]): readonly PromptTurn[] =>
    most === undefined ? turns : turns.map((turn) => ({ ...turn, answerTokens: Number(most) }));
  if (typeof prompt === 'string') return one(limited([{ text: prompt }]), where);
  const turns = Array.isArray(messages)
    ? conversation(messages, 'role', 'content', where)
    : Array.isArray(conversations)
      ? conversation(conversations, 'from', 'value', where)
      : undefined;
  if (turns !== undefined) return turns.length === 0 ? [] : [{ turns: limited(turns) }];
  throw refused(where, 'has no prompt, messages or conversations');
}

function one(turns: readonly PromptTurn[], where: string): readonly Prompt[] {
  if (turns.some(({ text }) => text.trim() === '')) throw refused(where, 'has an empty prompt');
  return [{ turns }];
}

/** The turns of the user, each with the length of the answer after it. */
function conversation(
  list: readonly unknown[],
  roleKey: string,
  textKey: string,
  where: string,
): readonly PromptTurn[] {
  const turns: PromptTurn[] = [];
  list.forEach((message, index) => {
    const role = isRecord(message) ? message[roleKey] : undefined;
    const text = isRecord(message) ? message[textKey] : undefined;
    if (typeof role !== 'string' || typeof text !== 'string')
      throw refused(where, `has message ${index + 1} without ${roleKey} and ${textKey} as texts`);
    const last = turns.at(-1);
    if (USERS.has(role) && text.trim() !== '') turns.push({ text });
    else if (ASSISTANTS.has(role) && last !== undefined && last.answerTokens === undefined)
      turns[turns.length - 1] = { ...last, answerTokens: estimateTokens(text) };
  });
  return turns;
}

function refused(where: string, problem: string): JarvisError {
  return new JarvisError('invalid_setting', `${where} ${problem}; expected ${EXPECTED}.`);
}
