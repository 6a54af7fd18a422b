import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../packages/engine/test/fixtures/certificates.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../../../packages/engine/test/support/certificate.js';
import { requirePeer } from '../../../tools/peers.ts';
import { Workspace } from './support/cli.ts';
import { tlsInFrontOf, type TlsProxy } from './support/tls-proxy.ts';

const k6 = requirePeer('k6');
const openssl = requirePeer('openssl');

let workspace: Workspace;
let authority: TestAuthority;
let mockUrl: string;
const proxies: TlsProxy[] = [];
beforeAll(async () => {
  if (openssl === undefined) return;
  workspace = new Workspace();
  authority = new TestAuthority();
  const mock = workspace.start(['mock', '--port=0', '--set', 'preset=fast']);
  await mock.says(/Ctrl-C ends it/);
  mockUrl = /http:\/\/[\d.:]+/.exec(mock.out())?.[0] ?? '';
  for (const [name, text] of Object.entries({
    'ca.pem': authority.cert,
    'with-key.pem': `${PRIVATE_KEY}${authority.cert}`,
    'key.pem': PRIVATE_KEY,
    'broken.pem': CERTIFICATE.replace('MIIB', 'AAAA'),
  })) {
    writeFileSync(join(workspace.directory, name), text);
  }
});
afterAll(() => {
  for (const proxy of proxies) proxy.close();
  workspace?.remove();
  authority?.remove();
});

async function secured(certificate: { cert: string; key: string }): Promise<string> {
  const proxy = await tlsInFrontOf(mockUrl, certificate);
  proxies.push(proxy);
  return proxy.url;
}

describe.skipIf(openssl === undefined)('a target with a certificate of an own authority', () => {
  it.each(['ca.pem', 'with-key.pem'])('is probed and loaded with --ca=%s', async (file) => {
    const url = await secured(authority.issue({ name: 'localhost' }));
    const probe = await workspace.run(['probe', `--target=${url}`, `--ca=${file}`]);
    expect(probe.code, probe.err).toBe(0);
    const load = await workspace.run(
      ['load', `--target=${url}`, '--once', '--cookies', '--scenario=chat-user'],
      { JARVIS_LOAD_CA: file },
    );
    expect(load.code, load.err + load.out).toBe(0);
    const result = workspace.result();
    expect(result.totals).toMatchObject({ failed: 0 });
    expect(result.config).toMatchObject({ cookies: true });
  });

  it.skipIf(k6 === undefined)('is loaded by k6, too', async () => {
    const url = await secured(authority.issue({ name: 'localhost' }));
    const briefly = ['--address', 'localhost:0', '--vus', '1', '--iterations', '1'];
    const run = await workspace.run(['k6', 'chat', `--target=${url}`, '--ca=ca.pem', '--quiet', ...briefly]);
    expect(workspace.result().totals, run.err).toMatchObject({ failed: 0 });
    expect(workspace.result().totals.requests).toBeGreaterThan(0);
  });

  it.skipIf(k6 === undefined)(
    'that asks for the certificate of a client gets it from k6, whose key was encrypted',
    async () => {
      const names: unknown[] = [];
      const server = createHttpsServer(
        { ...authority.issue({ name: 'localhost' }), ca: authority.cert, requestCert: true },
        (request, response) => {
          names.push((request.socket as TLSSocket).getPeerCertificate().subject.CN);
          response.end('{}');
        },
      ).listen(0, 'localhost');
      await once(server, 'listening');
      const { cert, key } = authority.issue({ name: 'ada' });
      const encrypted = createPrivateKey(key).export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'open sesame',
      });
      for (const [name, text] of Object.entries({
        'client.pem': cert,
        'client-key.pem': encrypted,
        'ask.ts': `import { defineScenario } from '@jarvis-load/engine';
          export default defineScenario({
            name: 'ask', operations: ['GET /'], run: async (user) => void (await user.get('/')),
          });`,
      })) {
        writeFileSync(join(workspace.directory, name), text);
      }
      const { port } = server.address() as AddressInfo;
      const { err } = await workspace.run(
        [
          'k6',
          './ask.ts',
          `--target=https://localhost:${port}`,
          '--ca=ca.pem',
          '--cert=client.pem',
          '--key=client-key.pem',
          '--quiet',
          '--address=localhost:0',
          '--vus=1',
          '--iterations=2',
        ],
        { LOAD_KEY_PASSPHRASE: 'open sesame' },
      );
      server.close();
      server.closeAllConnections();
      expect(workspace.result().totals, err).toMatchObject({ requests: 2, failed: 0 });
      expect(names).toEqual(['ada', 'ada']);
    },
  );
});

describe.skipIf(openssl === undefined)(
  'a failure of TLS ends the command with its cause and the next step',
  () => {
    it.each(['load', 'probe'])('self-signed: %s', async (command) => {
      const url = await secured({ cert: CERTIFICATE, key: PRIVATE_KEY });
      const { code, err } = await workspace.run([command, `--target=${url}`]);
      expect(code).toBe(3);
      expect(err).toMatch(/cannot reach https:[^]*self-signed[^]*DEPTH_ZERO_SELF_SIGNED_CERT/);
      expect(err).toMatch(/next: pass --ca=<file>/);
    });

    it.each([
      [{ name: 'localhost' }, false, /unknown authority/, /next: pass --ca=<file>/],
      [
        { name: 'localhost', from: '20200101000000Z', to: '20200102000000Z' },
        true,
        /has expired \(CERT_HAS_EXPIRED\)/,
        /next: renew the certificate/,
      ],
      [{ name: 'api.jarvis.test' }, true, /for another host name/, /next: give --target .* a host name/],
    ])('%j', async (issued, trusted, problem, next) => {
      const url = await secured(authority.issue(issued));
      const { code, err } = await workspace.run([
        'load',
        `--target=${url}`,
        ...(trusted ? ['--ca=ca.pem'] : []),
      ]);
      expect(code).toBe(3);
      expect(err).toMatch(problem);
      expect(err).toMatch(next);
    });

    it('no TLS at all', async () => {
      const { code, err } = await workspace.run(['load', `--target=${mockUrl.replace('http:', 'https:')}`]);
      expect(code).toBe(3);
      expect(err).toMatch(/does not speak TLS on this port[^]*next: correct --target .*http:\/\//);
    });
  },
);

describe.skipIf(openssl === undefined)('--http2', () => {
  it('is what a target that speaks nothing else needs', async () => {
    const versions = new Set<string>();
    const certificate = authority.issue({ name: 'localhost' });
    const server = createSecureServer({ ...certificate, allowHTTP1: false }, (request, response) => {
      versions.add(request.httpVersion);
      response.writeHead(404).end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const without = await workspace.run(['probe', `--target=${url}`, '--ca=ca.pem']);
    expect(without.code).toBe(3);
    expect(without.err).toMatch(/speaks HTTP\/2 only[^]*next: pass --http2/);
    const offered = await workspace.run(['probe', `--target=${url}`, '--ca=ca.pem', '--http2']);
    expect(offered.err).toMatch(/is not Jarvis: it answers, but/);
    expect(versions).toEqual(new Set(['2.0']));
    server.close();
  });

  it('and --ca say that they changed nothing on a target without TLS', async () => {
    const args = ['--once', '--scenario=chat-user', '--http2', '--ca=ca.pem'];
    const { err } = await workspace.run(['load', `--target=${mockUrl}`, ...args]);
    expect(err).toMatch(/warning: --ca and --http2 changed nothing/);
    expect(workspace.result().notes.map(({ code }) => code)).toContain('no-tls');
  });
});

describe.skipIf(openssl === undefined)('before anything is started', () => {
  it.each([
    ['--ca=missing.pem', /--ca: missing\.pem cannot be read \(ENOENT\)/, /PEM file/],
    ['--ca=key.pem', /--ca: key\.pem holds no certificate/, /BEGIN CERTIFICATE/],
    ['--ca=broken.pem', /--ca: certificate 1 of broken\.pem cannot be read/, /PEM file/],
    ['--threshold=nonsense:p(95)<5', /no metric 'nonsense'/, /http_req_duration/],
    ['--threshold=http_reqs{operation:chat.sned}:count>0', /no operation "chat\.sned"/, /chat\.send/],
    ['--threshold=http_reqs{status:2xx}:count>0', /no status "2xx"/, /such as 200/],
    ['--threshold=checks:p(95)<5', /a rate has no p\(95\)/, /rate/],
  ])('%s is refused', async (argument, problem, help) => {
    const connections: unknown[] = [];
    const server = createServer((socket) => {
      connections.push(socket);
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, err } = await workspace.run(['load', `--target=${url}`, argument]);
    server.close();
    expect(code).toBe(2);
    expect(err).toMatch(problem);
    expect(err).toMatch(help);
    expect(connections).toEqual([]);
  });
});
