import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import type { Thresholds } from '../src/model/scenario.ts';
import { OPERATORS, parseExpression } from '../src/thresholds/parse-expression.ts';
import { parseThresholds } from '../src/thresholds/parse.ts';
import { formatSelector, parseSelector, splitThreshold } from '../src/thresholds/parse-selector.ts';

const quantile = (p: number) => ({ kind: 'quantile', p });

describe('parseExpression', () => {
  it.each([
    ['p(95)<500', { aggregate: quantile(0.95), operator: '<', limit: 500, unit: '' }],
    ['p(99.9) <= 1.5s', { aggregate: quantile(0.999), operator: '<=', limit: 1.5, unit: 's' }],
    [' p( 50 ) < .5 s ', { aggregate: quantile(0.5), operator: '<', limit: 0.5, unit: 's' }],
    ['avg<200ms', { aggregate: { kind: 'avg' }, operator: '<', limit: 200, unit: 'ms' }],
    ['med>=1e3', { aggregate: { kind: 'med' }, operator: '>=', limit: 1000, unit: '' }],
    ['min===0', { aggregate: { kind: 'min' }, operator: '===', limit: 0, unit: '' }],
    ['max!=5', { aggregate: { kind: 'max' }, operator: '!=', limit: 5, unit: '' }],
    ['rate<1%', { aggregate: { kind: 'rate' }, operator: '<', limit: 1, unit: '%' }],
    ['rate>100/s', { aggregate: { kind: 'rate' }, operator: '>', limit: 100, unit: '/s' }],
    ['count==100', { aggregate: { kind: 'count' }, operator: '==', limit: 100, unit: '' }],
    ['value>-1', { aggregate: { kind: 'value' }, operator: '>', limit: -1, unit: '' }],
    ['count<10MB', { aggregate: { kind: 'count' }, operator: '<', limit: 10, unit: 'MB' }],
    ['p(95)<500 over 30s', { aggregate: quantile(0.95), limit: 500, unit: '', windowMs: 30_000 }],
    ['p(95)<500ms over 1m30s ', { limit: 500, unit: 'ms', windowMs: 90_000 }],
  ])('reads %j', (source, expected) => {
    expect(parseExpression(source, 'm')).toMatchObject({ windowMs: undefined, source, ...expected });
  });

  it.each([
    ['', 'at character 1 the text ends; expected a method: avg, min, med, max, p(N)'],
    ['p95<500', "at character 2 found '95<500'; expected '(' and a percentile"],
    ['p(abc)<500', "at character 3 found 'abc)<500'; expected a percentile from 0 to 100"],
    ['p(101)<500', "at character 3 found '101)<500'; expected a percentile from 0 to 100"],
    ['p(95<500', "at character 5 found '<500'; expected ')'"],
    ['mean<500', "at character 1 found 'mean<500'; expected a method"],
    ['P(95)<500', "at character 1 found 'P(95)<500'; expected a method"],
    ['avg=5', "at character 4 found '=5'; expected an operator: <= < >= > === == !="],
    ['avg 500', "at character 5 found '500'; expected an operator"],
    ['avg<', 'at character 5 the text ends; expected a number'],
    ['avg<1e999', "at character 5 found '1e999'; expected a smaller number"],
    ['avg<x', "at character 5 found 'x'; expected a number"],
    [
      'avg<5 && max<9',
      "at character 7 found '&& max<9'; expected a unit, 'over' and a duration, or nothing more",
    ],
    ['avg<5 over', "at character 7 found 'over'; expected a unit, 'over' and a duration"],
    ['avg<5 over 30', "at character 12 found '30'; expected the length of the window in whole seconds"],
    ['avg<5 over 1.5s', "at character 12 found '1.5s'; expected the length of the window in whole seconds"],
    ['avg<5 over 0s', 'expected the length of the window in whole seconds'],
    ['avg<5 over 30s 5', "at character 16 found '5'"],
  ])('refuses %j', (source, message) => {
    expect(() => parseExpression(source, 'http_reqs')).toThrow(EngineError);
    expect(() => parseExpression(source, 'http_reqs')).toThrow(message);
    expect(() => parseExpression(source, 'http_reqs')).toThrow(`threshold '${source}' of http_reqs: `);
    expect(() => parseExpression(source, 'http_reqs')).toThrow('Examples: p(95)<500,');
  });

  it('reads back whatever it could have been given', () => {
    const method = fc.oneof(
      fc.constantFrom('avg', 'min', 'med', 'max', 'count', 'rate', 'value'),
      fc.integer({ min: 0, max: 1000 }).map((p) => `p(${p / 10})`),
    );
    const space = fc.constantFrom('', ' ', '  ');
    const limit = fc.double({ min: 0, max: 1e12, noNaN: true });
    const unit = fc.constantFrom('', 'ms', 's', '%', '/s', 'MiB');
    const seconds = fc.option(fc.integer({ min: 1, max: 600 }));
    fc.assert(
      fc.property(
        method,
        fc.constantFrom(...OPERATORS),
        limit,
        unit,
        seconds,
        space,
        (m, op, n, u, over, sp) => {
          const text = [m, op, n].join(sp) + u + (over === null ? '' : ` over ${over}s`);
          expect(parseExpression(text, 'm')).toMatchObject({
            aggregate: m.startsWith('p(')
              ? quantile(Number((Number(m.slice(2, -1)) / 100).toPrecision(12)))
              : { kind: m },
            operator: op,
            limit: n,
            unit: u,
            windowMs: over === null ? undefined : over * 1000,
          });
        },
      ),
    );
  });
});

describe('parseSelector', () => {
  it.each([
    ['http_req_duration', 'http_req_duration', {}],
    ['http_req_duration{operation:chat.send}', 'http_req_duration', { operation: 'chat.send' }],
    [
      'checks { scenario : chat , check : "has, a {reply}" }',
      'checks',
      { scenario: 'chat', check: 'has, a {reply}' },
    ],
    ["m{'a b':'c:d'}", 'm', { 'a b': 'c:d' }],
    ['m{url:http://127.0.0.1:80/x y}', 'm', { url: 'http://127.0.0.1:80/x y' }],
    ["m{a:''}", 'm', { a: '' }],
  ])('reads %j', (source, metric, tags) => {
    expect(parseSelector(source)).toEqual({ metric, tags });
  });

  it.each([
    ['', 'the text ends; expected the name of a metric'],
    ['{a:b}', "found '{a:b}'; expected the name of a metric"],
    ['m{}', "at character 3 found '}'; expected the name of a tag"],
    ['m{a}', "at character 4 found '}'; expected ':' and the value of tag 'a'"],
    ['m{a:}', "at character 5 found '}'; expected the value of tag 'a'"],
    ['m{a:b', "the text ends; expected ',' and another tag, or '}'"],
    ['m{a:b,}', "found '}'; expected the name of a tag"],
    ["m{a:'b}", "the text ends; expected the closing '"],
    ['m{a:b}x', "at character 7 found 'x'; expected '{' and tags, or nothing more"],
    ['m{a:b,a:c}', "expected each tag once, but 'a' is there twice"],
  ])('refuses %j', (source, message) => {
    expect(() => parseSelector(source)).toThrow(message);
  });

  it('reads back what it writes', () => {
    const text = fc.string({ maxLength: 12 }).filter((s) => !(s.includes("'") && s.includes('"')));
    const tags = fc.dictionary(
      text.filter((tag) => tag !== '' && tag !== '__proto__'),
      text,
      { maxKeys: 4, noNullPrototype: true },
    );
    fc.assert(
      fc.property(tags, (any) => {
        const selector = { metric: 'http_req_duration', tags: any };
        expect(parseSelector(formatSelector(selector))).toEqual(selector);
      }),
    );
  });
});

describe('parseThresholds', () => {
  it("takes k6's two forms", () => {
    const parsed = parseThresholds({
      'checks{scenario:chat}': [
        'rate>0.9',
        { threshold: 'rate>0.5', abortOnFail: true, delayAbortEval: '10s' },
      ],
    });
    expect(parsed).toMatchObject([
      { selector: { metric: 'checks', tags: { scenario: 'chat' } }, abortOnFail: false, delayAbortMs: 0 },
      { expression: { source: 'rate>0.5' }, abortOnFail: true, delayAbortMs: 10_000 },
    ]);
  });

  it.each([
    [
      { m: 'p(95)<5' },
      "thresholds of m are 'p(95)<5'; expected a list of at least one, such as ['p(95)<500'].",
    ],
    [{ m: [5] }, "a threshold of m: 5; expected a string such as 'p(95)<500'"],
    [{ m: [{}] }, 'a threshold of m: threshold is missing; expected a string'],
    [{ m: [{ treshold: 'x' }] }, "unknown option 'treshold'. Did you mean 'threshold'?"],
    [{ m: [{ threshold: 'avg<5', abortOnFail: 'yes' }] }, "abortOnFail is 'yes'; expected true or false."],
    [
      { m: [{ threshold: 'avg<5', delayAbortEval: 'later' }] },
      "delayAbortEval is 'later'; expected a duration of at least 0: milliseconds",
    ],
  ])('refuses %j', (thresholds, message) => {
    expect(() => parseThresholds(thresholds as unknown as Thresholds)).toThrow(message);
  });
});

describe('splitThreshold', () => {
  it.each([
    ["checks{check:'is {ok}'}:rate>0.9", "checks{check:'is {ok}'}", 'rate>0.9'],
    [" checks  { check : 'a  {b' } : rate>0.9 ", "checks{ check : 'a  {b' }", 'rate>0.9'],
    ['http_reqs : rate>5', 'http_reqs', 'rate>5'],
  ])('leaves the values of tags as they are: %s', (text, selector, expression) => {
    expect(splitThreshold(text)).toEqual([selector, expression]);
  });
});
