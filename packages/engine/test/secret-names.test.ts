import { describe, expect, it } from 'vitest';
import { Redactor } from '../src/secrets/redactor.ts';
import { isSecretName } from '../src/secrets/secret-names.ts';

const redactor = new Redactor();

describe('names of secrets', () => {
  it.each([
    'passWord',
    'passPhrase',
    'userPassWord',
    'APIkey',
    'APIKey',
    'userAPIKey',
    'pass_word',
    'APItoken',
  ])('%s is one', (name) => {
    expect(isSecretName(name)).toBe(true);
    expect(redactor.text(`{"${name}":"hunter2"}`)).toBe(`{"${name}":"***"}`);
    expect(redactor.text(`/login?${name}=hunter2&a=1`)).toBe(`/login?${name}=***&a=1`);
  });

  it.each(['passWordPolicy', 'passwordMinLength', 'timeToFirstToken', 'maxTokens', 'bypass', 'keyword'])(
    '%s is none',
    (name) => {
      expect(isSecretName(name)).toBe(false);
      expect(redactor.text(`{"${name}":"shown"}`)).toBe(`{"${name}":"shown"}`);
      expect(redactor.text(`/login?${name}=shown`)).toBe(`/login?${name}=shown`);
    },
  );

  it.each(['token_value', 'tokens', 'apiKeyValue', 'access_tokens', 'mysecretvalue', 'api_keys'])(
    '%s is one in a query',
    (name) => {
      expect(redactor.text(`/a?b=1&${name}=hunter2&c=2`)).toBe(`/a?b=1&${name}=***&c=2`);
    },
  );

  it.each([
    'max_tokens',
    'token_count',
    'time_to_first_token',
    'tokens_per_second',
    'maxOutputTokens',
    'tokenizer',
    'token_type',
  ])('%s is none in a query', (name) => {
    expect(redactor.text(`/a?${name}=17`)).toBe(`/a?${name}=17`);
  });
});

describe('fields of JSON', () => {
  it.each(['\n', '\r\n', ' ', ''])('hide secrets behind a text that was cut: %j', (between) => {
    const text = `{"msg":"abc${between}{"password":"hunter2"}`;
    expect(redactor.text(text)).toBe(`{"msg":"abc${between}{"password":"***"}`);
  });

  it('hide a secret that holds the name of a field, line ends or escaped quotes as a whole', () => {
    expect(redactor.text('{"secret":"a\\"token\\":\nrest","b":"c"}')).toBe('{"secret":"***","b":"c"}');
    expect(redactor.text('{"secret":"cut')).toBe('{"secret":"***"');
  });
});
