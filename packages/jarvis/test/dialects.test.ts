import type { TSchema } from '@jarvis-load/engine/typebox';
import { Value } from '@jarvis-load/engine/typebox/value';
import { describe, expect, it } from 'vitest';
import { coreDialect, documentedDialect } from '../src/index.ts';
import type { Dialect, OperationName } from '../src/index.ts';
import { coreContract, documentedContract, type OperationContract } from '../src/schemas/index.ts';
import { fakeResponse } from './fake-response.ts';
import { coreAnswers, documentedAnswers } from './sample-answers.ts';

const WRONG_VALUES = [undefined, null, '', 'text', -1, 0.5, true, [], {}];

/** Every variant of a value with one part, at any depth, replaced or removed. */
function* mutations(value: unknown): Generator {
  yield* WRONG_VALUES.filter((wrong) => wrong !== undefined);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const wrong of mutations(item)) yield value.with(index, wrong);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
      for (const wrong of mutations(item)) yield { ...value, [key]: wrong };
    }
  }
}

// Rules and schemas cannot both express formats and playable audio, so formats are removed; strings are then compared
// by type and emptiness.
const withoutFormats = (schema: TSchema): TSchema =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'format' && typeof value === 'string' ? undefined : value,
  ) as TSchema;

const cases: [
  Dialect,
  Partial<Record<OperationName, OperationContract>>,
  Partial<Record<OperationName, unknown>>,
][] = [
  [documentedDialect, documentedContract, documentedAnswers],
  [coreDialect, coreContract, coreAnswers],
];

for (const [dialect, contract, answers] of cases) {
  describe(`dialect ${dialect.id}`, () => {
    it('has a schema for each operation that its client knows, and no other', () => {
      expect(Object.keys(contract).toSorted()).toEqual(Object.keys(dialect.operations).toSorted());
    });

    for (const [name, answer] of Object.entries(answers) as [OperationName, unknown][]) {
      const operation = dialect.operations[name];
      const schema = contract[name]?.answer;

      it(`${name}: the predicate accepts a right answer`, () => {
        expect(operation?.accepts(fakeResponse({ json: answer }))).toBeUndefined();
      });

      it(`${name}: schema and predicate refuse the same wrong answers`, () => {
        if (schema === undefined || operation === undefined) throw new Error('no schema');
        const plain = withoutFormats(schema);
        expect(Value.Check(plain, answer)).toBe(true);
        let refused = 0;
        for (const wrong of mutations(answer)) {
          const reason = operation.accepts(fakeResponse({ json: wrong }));
          if (reason?.includes('audio_data` is') === true) continue;
          expect([wrong, reason === undefined]).toEqual([wrong, Value.Check(plain, wrong)]);
          if (reason !== undefined) refused++;
        }
        expect(refused).toBeGreaterThan(0);
      });
    }

    it('calls an answer that is not JSON by its name', () => {
      expect(dialect.operations.health?.accepts(fakeResponse({ text: '<html>' }))).toBe(
        'the body is not JSON',
      );
    });
  });
}

describe('requests', () => {
  it.each([
    [documentedDialect.operations['auth.login'].request({ username: 'a', password: 'b' }), '/auth/login'],
    [coreDialect.operations['auth.login'].request({ username: 'a', password: 'b' }), '/api/auth/login'],
    [
      documentedDialect.operations['chat.history'].request({ id: 'a/b é' }),
      '/api/chat/conversation/a%2Fb%20%C3%A9',
    ],
    [coreDialect.operations['chat.history'].request({ id: 'c1' }), '/api/chat/history/c1'],
    [
      documentedDialect.operations['memory.search'].request({ query: 'été & co', limit: 5 }),
      '/api/memory/search?q=%C3%A9t%C3%A9%20%26%20co&limit=5',
    ],
    [coreDialect.operations['memory.search'].request({ query: 'x', limit: 5 }), '/api/memory/search'],
  ])('go to the path of the dialect', (spec, path) => {
    expect(spec.path).toBe(path);
  });

  for (const [dialect, contract] of cases) {
    it(`of ${dialect.id} hold the bodies that its schemas ask for`, () => {
      const inputs = {
        'auth.login': { username: 'admin', password: 'admin123' },
        'chat.send': { content: 'Bonjour', conversationId: 'c1' },
        'chat.create': { title: 'Essai' },
        'memory.store': { conversationId: 'c1', userMessage: 'q', botResponse: 'r' },
        'memory.search': { query: 'test', limit: 5 },
        'voice.synthesize': { text: 'Bonjour', language: 'fr' },
        'voice.transcribe': { audioBase64: 'AAAA', language: 'fr' },
      } as Partial<Record<OperationName, unknown>>;
      let checked = 0;
      for (const [name, { body }] of Object.entries(contract) as [OperationName, OperationContract][]) {
        if (body === undefined) continue;
        const operation = dialect.operations[name];
        const spec = operation?.request(inputs[name] as never);
        expect([name, Value.Check(body, spec?.json)]).toEqual([name, true]);
        checked++;
      }
      expect(checked).toBeGreaterThan(4);
    });
  }
});

describe('answers mean the same in both dialects', () => {
  const decode = (dialect: Dialect, name: OperationName, answers: Partial<Record<OperationName, unknown>>) =>
    dialect.operations[name]?.interpret(fakeResponse({ json: answers[name] }));

  it('login gives a token and its life', () => {
    expect(decode(documentedDialect, 'auth.login', documentedAnswers)).toEqual({
      ok: true,
      value: { token: 't', expiresInSeconds: 3600 },
    });
    expect(decode(coreDialect, 'auth.login', coreAnswers)).toEqual({
      ok: true,
      value: { token: 't', expiresInSeconds: 86_400 },
    });
  });

  it('a login of the other dialect is refused and says what is missing', () => {
    expect(decode(documentedDialect, 'auth.login', coreAnswers)).toEqual({
      ok: false,
      reason: '`token` is missing',
    });
    expect(decode(coreDialect, 'auth.login', documentedAnswers)).toEqual({
      ok: false,
      reason: '`access_token` is missing',
    });
  });

  it('an answer of the core has no server latency rather than a made-up one', () => {
    expect(decode(documentedDialect, 'chat.send', documentedAnswers)).toMatchObject({
      value: { content: 'Bonjour', conversationId: 'c1', serverLatencyMs: 120 },
    });
    expect(decode(coreDialect, 'chat.send', coreAnswers)).toMatchObject({
      value: { content: 'Bonjour', conversationId: 'c1', serverLatencyMs: undefined },
    });
  });

  it('a synthesis must be a WAV with samples in it', () => {
    const accepts = (audio: string) =>
      documentedDialect.operations['voice.synthesize'].accepts(
        fakeResponse({ json: { ...(documentedAnswers['voice.synthesize'] as object), audio_data: audio } }),
      );
    const audio = (documentedAnswers['voice.synthesize'] as { audio_data: string }).audio_data;
    expect(accepts('base64_encoded_audio_data')).toBe('`audio_data` is not base64');
    expect(accepts('AAAA')).toBe('`audio_data` is base64, but not of a PCM WAV');
    expect(accepts(audio.slice(0, -400))).toBe('`audio_data` is a WAV that was cut off');
    expect(accepts(audio)).toBeUndefined();
  });

  it('metrics are Prometheus text in one, a JSON object in the other', () => {
    const text = '# TYPE http_requests_total counter\nhttp_requests_total{method="GET"} 3\n';
    expect(documentedDialect.operations.metrics.accepts(fakeResponse({ text }))).toBeUndefined();
    expect(
      documentedDialect.operations.metrics.accepts(fakeResponse({ json: coreAnswers.metrics })),
    ).toContain('Prometheus');
    expect(coreDialect.operations.metrics.accepts(fakeResponse({ text }))).toBe('the body is not JSON');
    const accepts = (body: string) =>
      documentedDialect.operations.metrics.accepts(fakeResponse({ text: body }));
    for (const sample of ['up  1', 'up\t-0.5', 'up{a="b"} .5 1700000000', 'up +Inf', 'up NaN'])
      expect(accepts(`${sample}\n`)).toBeUndefined();
    for (const other of ['Not found', 'word word', 'up']) expect(accepts(other)).toContain('Prometheus');
  });

  it('a deletion of the core has an empty body', () => {
    expect(coreDialect.operations['chat.delete'].accepts(fakeResponse({ text: '' }))).toBeUndefined();
    expect(coreDialect.operations['chat.delete'].accepts(fakeResponse({ json: {} }))).toBe(
      'the body should be empty',
    );
  });
});
