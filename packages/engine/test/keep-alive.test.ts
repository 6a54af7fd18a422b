import { describe, expect, it } from 'vitest';
import { KeepAlive } from '../src/transport/http1/keep-alive.ts';

/** Number of responses before the connection is retired, at most 20. */
function answersOf(field: (answer: number) => string): number {
  const limits = new KeepAlive();
  for (let answer = 1; answer <= 20; answer++) {
    limits.read(field(answer));
    if (limits.spent) return answer;
  }
  return Number.POSITIVE_INFINITY;
}

describe('Keep-Alive: max', () => {
  it.each([
    ['one request', () => 'max=1', 1],
    ['none', () => 'timeout=5, max=0', 1],
    ['the number of the whole connection, repeated', () => 'timeout=5, max=7', 7],
    ['what is left, counted down', (answer: number) => `timeout=5, max=${8 - answer}`, 7],
    ['what is left, from far', (answer: number) => `max=${101 - answer}`, Number.POSITIVE_INFINITY],
    ['quoted, in another case', () => 'MAX="3"', 3],
    ['no number', () => 'max=many', Number.POSITIVE_INFINITY],
    ['another parameter', () => 'climax=1', Number.POSITIVE_INFINITY],
  ] as const)('that says %s', (_what, field, answers) => {
    expect(answersOf(field)).toBe(answers);
  });

  it('is forgotten with the connection', () => {
    const limits = new KeepAlive();
    limits.read('timeout=1, max=1');
    limits.reset();
    expect(limits.spent).toBe(false);
    expect(limits.outlived(1e9)).toBe(false);
  });
});

describe('Keep-Alive: timeout', () => {
  it.each([
    ['timeout=5', 3999, false],
    ['timeout=5', 4001, true],
    ['timeout=1, max=100', 499, false],
    ['timeout=1, max=100', 501, true],
    ['max=100', 1e9, false],
  ])('of %s is over after %s ms: %s', (field, idleMs, over) => {
    const limits = new KeepAlive();
    limits.read(field);
    expect(limits.outlived(idleMs)).toBe(over);
  });
});
