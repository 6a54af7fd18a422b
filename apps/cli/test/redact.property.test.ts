import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isSecretName, REDACTED, Redactor } from '@jarvis-load/engine';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';
import type { AnyFlagTable } from '../src/options/flag.ts';
import { describeCommand } from '../src/secrets/command-line.ts';

/** Possible secrets; parts of the replacement text are excluded, because finding them in the output proves nothing. */
const secret = fc
  .string({ unit: 'grapheme', minLength: 4, maxLength: 40 })
  .filter((text) => !`Bearer ${REDACTED}`.includes(text) && !text.includes('*'));
const FIELDS = [
  'password',
  'token',
  'access_token',
  'refreshToken',
  'client_secret',
  'apiKey',
  'Authorization',
];

describe('Redactor', () => {
  it('leaves no known secret in any text, however it is written there', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const redactor = new Redactor([value]);
        const json = JSON.stringify(value).slice(1, -1);
        const encoded = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'));
        for (const form of [value, json, encoded])
          expect(redactor.text(`${before}${form}${after}`)).not.toContain(form);
      }),
    );
  });

  it('leaves no value of a secret field in a JSON value, at any depth and length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIELDS),
        fc.string({ minLength: 1 }),
        fc.jsonValue(),
        (name, value, rest) => {
          const marker = `<<${value}>>`;
          const clean = new Redactor([]).json({ a: [{ [name]: marker, b: rest }] });
          expect(JSON.stringify(clean)).not.toContain(JSON.stringify(marker).slice(1, -1));
        },
      ),
    );
  });

  it('leaves no secret flag on a command line, given with = or a blank', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom('password', 'token', 'header'), (value, flag) => {
        const redactor = new Redactor([]);
        const flags = LOAD_FLAGS as AnyFlagTable;
        const marker = `zq${value}qz`;
        expect(describeCommand(['load', `--${flag}=${marker}`, '--seed=1'], flags, redactor)).not.toContain(
          marker,
        );
        expect(describeCommand(['load', `--${flag}`, marker, '--seed=1'], flags, redactor)).not.toContain(
          marker,
        );
      }),
    );
  });

  it('removes tokens and credentials that it was never told of', () => {
    const redactor = new Redactor([]);
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl';
    expect(redactor.text(`token ${jwt} end`)).toBe('token *** end');
    expect(redactor.text('authorization: Bearer abc.def-1')).toBe('authorization: Bearer ***');
    expect(
      redactor.headers({ Authorization: 'x', 'X-Api-Key': 'y', 'Set-Cookie': 'z', Accept: 'a' }),
    ).toEqual({
      Authorization: REDACTED,
      'X-Api-Key': REDACTED,
      'Set-Cookie': REDACTED,
      Accept: 'a',
    });
  });

  it.each([
    ['influxdb=http://me:hunter2@h:8086/k6', 'influxdb=http://***@h:8086/k6'],
    ['cloned https://hunter2@git.test/x, then', 'cloned https://***@git.test/x, then'],
    ['amqp://me:hunter@2@h', 'amqp://***@h'],
    ['{"url":"http:\\/\\/me:hunter2@h"}', '{"url":"http:\\/\\/***@h"}'],
    ['http://h/@scope/x', 'http://h/@scope/x'],
    ['http://h?mail=a@b', 'http://h?mail=a@b'],
    ['["http://h","a@b"]', '["http://h","a@b"]'],
    ['mailto:me@h', 'mailto:me@h'],
  ])('removes the login of an address: %s', (text, clean) => {
    expect(new Redactor([]).text(text)).toBe(clean);
  });

  it('keeps fields that only sound like secrets', () => {
    for (const name of ['tokens_used', 'max_tokens', 'passes', 'author', 'keyboard'])
      expect(isSecretName(name)).toBe(false);
    for (const name of [...FIELDS, 'PASSWORD', 'X-Auth-Token', 'cookie', 'passwd'])
      expect(isSecretName(name)).toBe(true);
  });

  it('hides a field by any name of its path, in JSON, in a query and in a form', () => {
    const secretWords = ['password', 'passwd', 'secret', 'apiKey', 'api_key', 'access-token', 'clientSecret'];
    const part = fc.constantFrom('user', 'auth', 'mock', 'x', 'login', 'a1');
    const path = fc.tuple(fc.array(part, { maxLength: 3 }), fc.constantFrom(...secretWords));
    const spelt: readonly ((names: readonly string[]) => string)[] = [
      (names) => names.join('.'),
      ([first = '', ...rest]) => first + rest.map((name) => `[${name}]`).join(''),
      ([first = '', ...rest]) => first + rest.map((name) => `%5B${name}%5D`).join(''),
      (names) => `${names.join('.')}.0`,
      (names) => `${names.join('_')}_confirmation`.replace(/(key|token)_confirmation$/i, '$1'),
      (names) =>
        names
          .join('-')
          .replace(/([a-z])([A-Z])/g, '$1_$2')
          .toUpperCase(),
    ];
    fc.assert(
      fc.property(path, fc.constantFrom(...spelt), ([parents, last], spell) => {
        const name = spell([...parents, last]);
        const redactor = new Redactor([]);
        const value = 'hunter2zq';
        expect(isSecretName(name)).toBe(true);
        for (const text of [
          `${name}=${value}&b=1`,
          `a=1&${name}=${value}`,
          `GET /x?${name}=${value}`,
          `--set=${name}=${value}`,
          `--set ${name}=${value}`,
          JSON.stringify({ a: [{ [name]: value, b: 1 }] }),
          JSON.stringify(redactor.json({ [name]: value })),
        ])
          expect(redactor.text(text)).not.toContain(value);
      }),
    );
  });

  it.each([
    'token_count',
    'max_tokens',
    'time_to_first_token',
    'tokens_per_second',
    'passwordless',
    'mock.auth.tokenLifetimeMs',
    'password_policy',
    'secretary',
    'monkey',
  ])('shows the value of %s', (name) => {
    const redactor = new Redactor([]);
    expect(isSecretName(name)).toBe(false);
    for (const text of [`${name}=100x`, `/x?${name}=100x`, `{"${name}":"100x"}`])
      expect(redactor.text(text)).toBe(text);
  });

  it('quotes a command so that a shell reads it back', () => {
    const command = describeCommand(['load', '--threshold=p(95)<500'], LOAD_FLAGS, new Redactor([]));
    expect(command).toBe("npx jarvis-load load '--threshold=p(95)<500'");
  });

  it('leaves the name of the command readable where a secret is the same word', () => {
    const command = describeCommand(['load', '--header=X-Team: load'], LOAD_FLAGS, new Redactor(['load']));
    expect(command).toBe('npx jarvis-load load --header=***');
  });
});
