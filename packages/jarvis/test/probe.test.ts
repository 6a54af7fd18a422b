import type { LoadResponse, RequestSpec } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import {
  coreDialect,
  detectDialect,
  dialectById,
  documentedDialect,
  explainUnreachable,
  OPERATION_NAMES,
  PROBE_OPERATIONS,
  probeTarget,
  type Credentials,
} from '../src/index.ts';
import { fakeResponse } from './fake-response.ts';
import { dialects, scriptedTarget } from './scripted-target.ts';

const credentials: Credentials = { accounts: [{ username: 'admin', password: 'admin123' }] };
const options = { credentials, runId: 'run-1' };

/** A probe client that records its requests. */
function client(answer: (spec: RequestSpec, method: string) => LoadResponse) {
  const asked: string[] = [];
  return {
    asked,
    request: (spec: RequestSpec) => {
      const operation = PROBE_OPERATIONS.find(({ name }) => name === spec.operation);
      if (operation === undefined) throw new Error(`unknown ${spec.operation}`);
      asked.push(`${operation.method} ${spec.path}`);
      return Promise.resolve(answer(spec, operation.method));
    },
  };
}
const speaking = (dialect: (typeof dialects)[number]) => {
  const target = scriptedTarget(dialect);
  return { ...client((spec, method) => target.answer(spec, method)), target };
};

describe('detectDialect', () => {
  it('knows the documented dialect after two requests', async () => {
    const { request, asked } = speaking(documentedDialect);
    const found = await detectDialect(request, credentials);
    expect([found.verdict, found.dialect?.id]).toEqual(['speaks', 'documented']);
    expect(asked).toEqual(['POST /auth/login', 'GET /api/chat/conversations']);
  });

  it('knows the core after three', async () => {
    const { request, asked } = speaking(coreDialect);
    const found = await detectDialect(request, credentials);
    expect([found.verdict, found.dialect?.id]).toEqual(['speaks', 'core']);
    expect(asked).toEqual(['POST /auth/login', 'POST /api/auth/login', 'GET /api/chat/conversations']);
  });

  it.each(dialects.map((dialect) => dialect.id))(
    'knows %s by a token alone, after one request',
    async (id) => {
      const dialect = dialectById(id);
      const target = scriptedTarget(dialect);
      const login = target.answer(
        dialect.operations['auth.login']?.request({ username: 'a', password: 'b' }) ?? {
          operation: '',
          path: '',
        },
      );
      const token = String((login.json() as Record<string, unknown>)[dialect.fields.token]);
      const { request, asked } = client((spec, method) => target.answer(spec, method));
      const found = await detectDialect(request, { token });
      expect([found.verdict, found.dialect?.id, asked.length]).toEqual(['speaks', id, 1]);
    },
  );

  it.each([
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9', 'refused'],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND nowhere', 'dns'],
    ['UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout Error', 'timeout'],
    ['CERT_HAS_EXPIRED', 'certificate has expired', 'tls'],
    ['1212', 'dial: connection refused', 'refused'],
    ['1101', 'lookup nowhere: no such host', 'dns'],
    ['1310', 'x509: certificate signed by unknown authority', 'tls'],
    ['1050', 'request timeout', 'timeout'],
  ])('calls %s unreachable, with its cause', async (code, message, cause) => {
    const { request } = client(() =>
      fakeResponse({ status: 0, outcome: 'connection_error', error: { code, message } }),
    );
    const found = await detectDialect(request, credentials);
    expect([found.verdict, found.cause]).toEqual(['unreachable', cause]);
    expect(found.reasons).toHaveLength(1);
  });

  it.each([
    ['another site', () => fakeResponse({ status: 404, text: '<html>' }), 'neither'],
    ['a site that says yes to everything', () => fakeResponse({ json: { ok: true } }), 'neither'],
    ['a site of pages', () => fakeResponse({ text: '<html>' }), 'neither'],
    [
      'a wrong password',
      () => fakeResponse({ status: 401, json: { error: 'e', message: 'Bad password', code: 'AUTH' } }),
      'login-refused',
    ],
    ['a target that is down behind its proxy', () => fakeResponse({ status: 503 }), 'unavailable'],
    ['a target that refuses for now', () => fakeResponse({ status: 429 }), 'unavailable'],
  ])('tells %s apart', async (_name, answer, verdict) => {
    const found = await detectDialect(client(answer).request, credentials);
    expect(found.verdict).toBe(verdict);
    expect(found.dialect).toBeUndefined();
    expect(found.reasons.length).toBeGreaterThan(0);
  });

  it('asks again after a single failure', async () => {
    const target = scriptedTarget(documentedDialect);
    let failures = 2;
    const { request } = client((spec, method) =>
      failures-- > 0 ? fakeResponse({ status: 503 }) : target.answer(spec, method),
    );
    expect((await detectDialect(request, credentials)).verdict).toBe('speaks');
  });

  it('does not take a login for the contract when the rest answers otherwise', async () => {
    const target = scriptedTarget(documentedDialect);
    const { request } = client((spec, method) =>
      spec.path === '/api/chat/conversations'
        ? fakeResponse({ json: { items: [] } })
        : target.answer(spec, method),
    );
    const found = await detectDialect(request, credentials);
    expect(found.verdict).toBe('neither');
    expect(found.reasons[0]).toContain('`conversations` is missing');
  });
});

describe('probeTarget', () => {
  it.each(dialects.map((dialect) => dialect.id))(
    'asks %s once for each operation and writes nothing',
    async (id) => {
      const dialect = dialectById(id);
      const { request, target } = speaking(dialect);
      const report = await probeTarget(request, options);
      expect(report).toMatchObject({ verdict: 'speaks', reachable: true, version: '1.9.0' });
      expect(report.operations.map(({ name }) => name).toSorted()).toEqual(
        OPERATION_NAMES.filter((name) => dialect.operations[name] !== undefined).toSorted(),
      );
      for (const { name, verdict } of report.operations) {
        const skipped =
          dialect.operations[name]?.writes === true || (name === 'chat.history' && id === 'documented');
        expect([name, verdict]).toEqual([name, skipped ? 'skipped' : 'ok']);
      }
      expect(target.titles()).toEqual([]);
    },
  );

  it.each(dialects.map((dialect) => dialect.id))(
    'asks %s for everything when it may write, and cleans up',
    async (id) => {
      const dialect = dialectById(id);
      const { request, target } = speaking(dialect);
      const report = await probeTarget(request, { ...options, probeWrites: true });
      for (const { name, verdict } of report.operations) expect([name, verdict]).toEqual([name, 'ok']);
      expect(target.titles()).toEqual([]);
    },
  );

  it('shows how far off a target is that speaks neither', async () => {
    const health = { status: 'healthy', version: '1.9.0', uptime: 1, checks: {} };
    const { request } = client((spec) =>
      spec.path === '/health' ? fakeResponse({ json: health }) : fakeResponse({ status: 404 }),
    );
    const report = await probeTarget(request, options);
    expect(report).toMatchObject({ verdict: 'neither', reachable: true, version: '1.9.0' });
    const logins = report.operations.filter(({ name }) => name === 'auth.login');
    expect(logins.map(({ route, verdict }) => [route, verdict])).toEqual([
      ['/auth/login', 'missing'],
      ['/api/auth/login', 'missing'],
    ]);
    expect(report.operations.find(({ name }) => name === 'chat.send')?.verdict).toBe('skipped');
  });

  it('calls an answer that is not as promised wrong, and says why', async () => {
    const target = scriptedTarget(documentedDialect);
    const { request } = client((spec, method) =>
      spec.path === '/health' ? fakeResponse({ json: { up: true } }) : target.answer(spec, method),
    );
    const report = await probeTarget(request, options);
    expect(report.operations.find(({ name }) => name === 'health')).toMatchObject({
      verdict: 'wrong',
      detail: '`status` is missing',
    });
  });

  it('asks an unreachable target for nothing more', async () => {
    const error = { code: 'ECONNREFUSED', message: 'refused' };
    const { request, asked } = client(() => fakeResponse({ status: 0, outcome: 'connection_error', error }));
    expect(await probeTarget(request, options)).toMatchObject({ reachable: false, operations: [] });
    expect(asked).toHaveLength(1);
  });
});

describe('explainUnreachable', () => {
  it('goes by the code, whatever names the message holds, and passes on what TLS says', () => {
    const failed = (code: string, message: string) =>
      explainUnreachable(fakeResponse({ status: 0, outcome: 'connection_error', error: { code, message } }));
    expect(
      failed('ERR_TLS_CERT_ALTNAME_INVALID', "Host: api. is not in the cert's altnames: DNS:other.test"),
    ).toEqual({
      cause: 'tls',
      text: "the TLS connection failed: Host: api. is not in the cert's altnames: DNS:other.test",
    });
    expect(failed('ENOTFOUND', 'getaddrinfo ENOTFOUND tls.example.org').cause).toBe('dns');
    expect(failed('', 'x509: certificate signed by unknown authority').cause).toBe('tls');
  });

  it('says what the transport said when it does not know the cause', () => {
    const response = fakeResponse({
      status: 0,
      outcome: 'connection_error',
      error: { code: 'EWEIRD', message: 'hm' },
    });
    expect(explainUnreachable(response)).toEqual({
      cause: 'other',
      text: 'the connection failed (EWEIRD hm)',
    });
  });
});
