import { describe, expect, it } from 'vitest';
import { decodeChat } from '../src/openai/decode-chat.ts';
import { parseLength } from '../src/openai/lengths.ts';
import { parsePrompts } from '../src/openai/prompts.ts';
import { resolveOpenAiSettings } from '../src/openai/settings.ts';

/** A seeded uniform random number. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const chunk = (value: unknown) =>
  decodeChat({ event: 'message', data: JSON.stringify(value), bytes: new Uint8Array() });
const delta = (value: unknown) => chunk({ choices: [{ delta: value }] });

describe('an event of a chat completion', () => {
  it('is a token only with content: a role, a finish reason and an empty text are none', () => {
    expect(delta({ role: 'assistant', content: '' })).toEqual([]);
    expect(delta({})).toEqual([]);
    expect(delta({ content: null })).toEqual([]);
    expect(delta({ content: 'Hé' })).toEqual([{ kind: 'token', text: 'Hé' }]);
  });

  it('tells reasoning from content, under both names of servers', () => {
    expect(delta({ reasoning_content: 'hm' })).toEqual([{ kind: 'reasoning', text: 'hm' }]);
    expect(delta({ reasoning: 'hm', content: 'So' })).toEqual([
      { kind: 'reasoning', text: 'hm' },
      { kind: 'token', text: 'So' },
    ]);
  });

  it('has the usage in an event of its own, or beside content', () => {
    expect(chunk({ choices: [], usage: { completion_tokens: 7, prompt_tokens: 3 } })).toEqual([
      { kind: 'usage', outputTokens: 7, inputTokens: 3 },
    ]);
    expect(chunk({ choices: [{ delta: { content: 'x' } }], usage: { completion_tokens: 1 } })).toEqual([
      { kind: 'token', text: 'x' },
      { kind: 'usage', outputTokens: 1 },
    ]);
  });

  it('may be an error, as an object or as text', () => {
    expect(chunk({ error: { message: 'overloaded' } })).toEqual([{ kind: 'error', message: 'overloaded' }]);
    expect(chunk({ error: 'overloaded' })).toEqual([{ kind: 'error', message: 'overloaded' }]);
  });
});

describe('a length', () => {
  const mean = (text: string): number => {
    const random = randomOf(7);
    const draw = parseLength(text)!;
    return Array.from({ length: 20_000 }, () => draw(random)).reduce((a, b) => a + b, 0) / 20_000;
  };

  it.each([
    ['200', 200],
    ['100..300', 200],
    ['normal(200,20)', 200],
    ['lognormal(200,80)', 200],
    ['exponential(200)', 200],
  ])('%s has the mean that it says', (text, expected) => {
    expect(mean(text)).toBeGreaterThan(expected * 0.97);
    expect(mean(text)).toBeLessThan(expected * 1.03);
  });

  it('is a whole number, at least 1', () => {
    const random = randomOf(3);
    const draw = parseLength('normal(2,50)')!;
    const drawn = Array.from({ length: 1000 }, () => draw(random));
    expect(drawn.every((value) => Number.isInteger(value) && value >= 1)).toBe(true);
  });

  it.each([
    '',
    '0',
    '-1',
    '1.5',
    '5..2',
    'normal(200)',
    'normal(0,1)',
    'exponential(5,2)',
    'uniform(1,2)',
    '1e9',
  ])('is not "%s"', (text) => expect(parseLength(text)).toBeUndefined());
});

describe('a file of prompts', () => {
  it('may be a JSON list of ShareGPT conversations, whose answers give lengths', () => {
    const file = JSON.stringify([
      {
        id: 'a',
        conversations: [
          { from: 'system', value: 'Be short.' },
          { from: 'human', value: 'One?' },
          { from: 'gpt', value: '12345678' },
          { from: 'human', value: 'Two?' },
        ],
      },
      { id: 'without a human', conversations: [{ from: 'gpt', value: 'Hi' }] },
    ]);
    expect(parsePrompts(file, 'x.json')).toEqual([
      { turns: [{ text: 'One?', answerTokens: 2 }, { text: 'Two?' }] },
    ]);
  });

  it('may be lines of JSON: prompts, messages, texts', () => {
    const file = [
      '{"prompt": "One?", "max_tokens": 9}',
      '',
      '{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "Two?"}]}',
      '"Three?"',
      '{"messages": [{"role": "user", "content": "Four?"}, {"role": "assistant", "content": "12345678"}], "max_tokens": 7}',
    ].join('\n');
    expect(parsePrompts(file, 'x.ndjson')).toEqual([
      { turns: [{ text: 'One?', answerTokens: 9 }] },
      { turns: [{ text: 'Two?' }] },
      { turns: [{ text: 'Three?' }] },
      { turns: [{ text: 'Four?', answerTokens: 7 }] },
    ]);
  });

  it.each([
    ['', 'x: has no prompt'],
    ['[]', 'x: has no prompt'],
    ['[{"prompt": ""}]', 'x: entry 1 has an empty prompt'],
    ['{"prompt": "a"}\n{"text": "b"}', 'x: line 2 has no prompt, messages or conversations'],
    ['{"prompt": "a"}\n{"prompt', 'x: line 2 is not JSON'],
    ['[1]', 'x: entry 1 is neither an object nor a text'],
    ['[{"prompt": "a", "max_tokens": 0}]', 'x: entry 1 has max_tokens 0'],
    ['[{"messages": [{"role": "user"}]}]', 'x: entry 1 has message 1 without role and content'],
    ['[{"messages": [', 'x is not JSON'],
  ])('%j is refused, naming the entry', (text, problem) => {
    expect(() => parsePrompts(text, 'x')).toThrow(problem);
  });
});

describe('a setting of the OpenAI-style scenarios', () => {
  it.each([
    [{ 'openai.turns': '0' }, 'openai.turns is "0"; expected a whole number from 1 to 100'],
    [{ 'openai.turns': 'x' }, 'openai.turns is "x"'],
    [{ 'openai.think': '3..1' }, 'openai.think is "3..1"; expected seconds'],
    [{ 'openai.answerTokens': 'many' }, 'openai.answerTokens is "many"; expected 200, 100..400'],
    [{ 'openai.answerTokens': 'file' }, '"file" needs openai.prompts'],
    [{ 'openai.promptTokens': '9', 'openai.prompts': 'a.json' }, 'expected nothing beside openai.prompts'],
    [{ 'openai.hangUpShare': '2' }, 'expected a number from 0 to 1'],
    [{ 'openai.speechFormat': 'opus' }, 'openai.speechFormat is "opus"; expected pcm, wav or mp3'],
    [{ 'openai.voice': '' }, 'openai.voice is ""; expected a name'],
  ])('%j is refused, saying what was expected', (texts, problem) => {
    expect(() => resolveOpenAiSettings(texts)).toThrow(problem);
  });

  it('has defaults', () => {
    expect(resolveOpenAiSettings()).toMatchObject({
      turns: 1,
      hangUpAfterMs: undefined,
      speechFormat: 'pcm',
    });
    expect(resolveOpenAiSettings({ 'openai.hangUpAfter': '1.5' }).hangUpAfterMs).toBe(1500);
  });
});
