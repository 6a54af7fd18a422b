import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
const servers: Server[] = [];
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  workspace.remove();
});

async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer({}, answer as never).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** Starts `mock` on a free port; returns its URL. */
async function mock(...args: string[]): Promise<string> {
  const started = workspace.start(['mock', '--port=0', ...args]);
  await started.says(/Ctrl-C ends it/);
  return /http:\/\/[\d.:]+/.exec(started.out())?.[0] ?? '';
}

describe('a target that cannot be loaded', () => {
  it('is refused connections: exit 3, with URL, cause and next step', async () => {
    const { code, err } = await workspace.run(['load', '--target=http://127.0.0.1:9']);
    expect(code).toBe(3);
    expect(err).toMatch(
      /cannot reach http:\/\/127\.0\.0\.1:9[^]*connection refused[^]*next: .*--target=mock/,
    );
  });

  it('does not answer in time: exit 3', async () => {
    const url = await serve(() => undefined);
    const { code, err } = await workspace.run(['load', `--target=${url}`, '--request-timeout=300ms']);
    expect(code).toBe(3);
    expect(err).toMatch(/cannot reach http:.*[^]*timeout/);
  });

  it('speaks no TLS: exit 3', async () => {
    const url = await serve((_request, response) => response.end('plain'));
    const { code, err } = await workspace.run(['load', `--target=${url.replace('http:', 'https:')}`]);
    expect(code).toBe(3);
    expect(err).toMatch(/TLS/);
  });

  it('is something else: exit 3, and its text cannot write to the terminal', async () => {
    const url = await serve((_request, response) =>
      response.end('{"error":"\u001b[31mred\u001b]0;title\u0007"}'),
    );
    const { code, err } = await workspace.run(['load', `--target=${url}`]);
    expect(code).toBe(3);
    expect(err).toMatch(/is not Jarvis: it answers, but/);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be shown
    expect(err).not.toMatch(/[\u001b\u0007]/);
  });

  it('answers with a page of HTML: exit 3, and its source is not shown', async () => {
    const page = `<!DOCTYPE html>\n<html>\n  <body>\n##[error]forged ${'<p>Bad gateway</p>\n'.repeat(200)}</body></html>`;
    const url = await serve((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end(page),
    );
    const { code, err } = await workspace.run(['load', `--target=${url}`]);
    expect(code).toBe(3);
    expect(err).toMatch(/a page of HTML/);
    expect(err).not.toMatch(/DOCTYPE|<p>/);
    expect(err).not.toContain('##[error]');
    expect(err).toMatch(/\n {2}next: /);
  });

  it('rejects the credentials: exit 2, and the password is not shown', async () => {
    const url = await mock();
    const { code, err } = await workspace.run(['load', `--target=${url}`], {
      JARVIS_PASSWORD: 'wrong-secret',
    });
    expect(code).toBe(2);
    expect(err).toMatch(/rejects these credentials[^]*JARVIS_PASSWORD/);
    expect(err).not.toContain('wrong-secret');
  });

  it('cannot get a password shown by echoing it', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () =>
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'unauthorized', message: `bad login: ${body}`, code: 'X' })),
      );
    });
    for (const args of [['load', '--debug'], ['probe']]) {
      const { out, err } = await workspace.run([...args, `--target=${url}`], {
        JARVIS_PASSWORD: 'echoed-secret',
      });
      expect(err).toContain('bad login');
      expect(out + err).not.toContain('echoed-secret');
    }
  });

  it.each(['https://example.com', 'http://169.254.169.254', 'http://10.0.0.1', 'http://[::ffff:a9fe:a9fe]'])(
    '%s may not be loaded: exit 4, and nothing is sent',
    async (target) => {
      const { code, err } = await workspace.run(['load', `--target=${target}`]);
      expect(code).toBe(4);
      expect(err).toMatch(/expected: loopback, or a host that the config file allows/);
    },
  );

  it('says how it would be allowed', async () => {
    const { err } = await workspace.run(['load', '--target=https://example.com']);
    expect(err).toMatch(/jarvis-load\.config\.json[^]*"maxUsers"[^]*--confirm-target=example\.com:443/);
  });

  it('has ceilings, when it is allowed', async () => {
    // A documentation address (RFC 5737), which is not routed: the run ends at the probe at the latest, before any
    // load.
    const permission = {
      url: 'http://192.0.2.1:8100',
      maxUsers: 5,
      maxRate: 100,
      maxDuration: '10m',
      owner: 'nobody',
      expiry: '2999-12-31',
    };
    writeFileSync(
      join(workspace.directory, 'jarvis-load.config.json'),
      JSON.stringify({ targets: { docs: permission } }),
    );
    const unconfirmed = await workspace.run(['load', '--target=docs']);
    expect(unconfirmed.code).toBe(4);
    expect(unconfirmed.err).toMatch(/--confirm-target=192\.0\.2\.1:8100/);
    const confirmed = await workspace.run(
      ['load', '--target=docs', '--users=6', '--connect-timeout=300ms', '--request-timeout=300ms'],
      { JARVIS_LOAD_CONFIRM_TARGET: '192.0.2.1:8100', JARVIS_PASSWORD: 'x' },
    );
    expect([3, 4]).toContain(confirmed.code);
    const listed = await workspace.run(['targets']);
    expect(listed.out).toMatch(/docs +http:\/\/192\.0\.2\.1:8100 .*at most 5 users/);
  });
});

describe.each(['documented', 'core'])('a mock of dialect %s', (dialect) => {
  it('is probed and loaded', async () => {
    const url = await mock('--set', `dialect=${dialect}`, '--set', 'mock.preset=fast');
    const probe = await workspace.run(['probe', `--target=${url}`]);
    expect(probe.code, probe.out + probe.err).toBe(0);
    expect(probe.out).toContain(`speaks the ${dialect} contract`);
    expect(probe.out).toMatch(/OK +auth\.login/);
    expect(probe.out).toMatch(/SKIPPED +chat\.send/);

    const load = await workspace.run(
      ['load', '--stages=1s:3,2s:3', '--objectives=none', '--scenario=chat-user,memory'],
      { API_URL: url },
    );
    const result = workspace.result();
    expect(result.target).toMatchObject({ dialect, url });
    expect(result.totals.requests).toBeGreaterThan(0);
    expect(load.code, load.out).toBe(result.verdict.status === 'pass' ? 0 : 98);
    const left = result.notes.filter(({ code }) => code === 'not-offered');
    expect(left.length > 0).toBe(dialect === 'core');
  });
});
