import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop for a browser and for the tests that are made of its recordings: tokens and ids are new each time. */
export interface ShopServer {
  readonly url: string;
  /** `METHOD /path status`, in order. */
  readonly seen: string[];
  close(): Promise<void>;
}

const APP = `
const json = async (path, options = {}) => (await fetch(path, options)).json();
const type = { 'content-type': 'application/json' };
async function visit() {
  const { session } = await json('/api/login', { method: 'POST', headers: type, body: JSON.stringify({ user: 'ada', password: 'analytical' }) });
  const headers = { ...type, authorization: 'Bearer ' + session.token };
  const [found] = await Promise.all([json('/api/products?q=tea', { headers }), json('/api/me', { headers })]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const order = await json('/api/orders', { method: 'POST', headers, body: JSON.stringify({ productId: found.items[0].id, quantity: 2 }) });
  await json('/api/orders/' + order.order.id + '/lines/1', { headers });
  await fetch('/api/products/999', { headers });
  await fetch(document.body.dataset.other + '/collect', { method: 'POST', mode: 'no-cors', body: 'x' });
  document.title = 'done';
}
if (document.body.dataset.other) visit();
`;

const ACCOUNT = `<title>account</title><body><script>
async function visit() {
  const form = new FormData();
  form.append('note', 'a "quoted" \`note\` \${x}');
  await fetch('/note', { method: 'POST', body: form });
  form.append('file', new Blob(['hello'], { type: 'text/plain' }), 'hello.txt');
  await fetch('/upload', { method: 'POST', body: form });
  const query = 'query Books { books { id } }';
  await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operationName: 'Books', query }) });
  await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operationName: 'Author', query: 'query Author { author { name } }' }) });
  document.title = 'done';
}
visit();
</script>`;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
const html = (body: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  type: 'text/html',
  body,
  headers,
});

/** Starts the shop. @param other origin that its page also sends to */
export async function startShop(other: string): Promise<ShopServer> {
  const seen: string[] = [];
  const known = new Set<string>();
  let number = 1000;
  const issue = (prefix: string): string => {
    const made = `${prefix}${++number}`;
    known.add(made);
    return made;
  };
  const answer = (line: string, body: string, { headers }: IncomingMessage): Answer => {
    const isIn = known.has(headers.authorization ?? '');
    const cookie = /sid=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    if (line === 'GET /') {
      return html(
        `<title>shop</title><link rel=stylesheet href=/app.css><body data-other="${other}"><img src=/logo.svg><script src=/app.js></script>`,
      );
    }
    if (line === 'GET /app.css') return { status: 200, type: 'text/css', body: 'body{}' };
    if (line === 'GET /app.js') return { status: 200, type: 'text/javascript', body: APP };
    if (line === 'GET /logo.svg')
      return { status: 200, type: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
    if (line === 'POST /api/login') {
      const token = issue('Bearer tok-abcdef-').slice('Bearer '.length);
      return /"password":"(analytical|not-set)"/.test(body) ? json({ session: { token } }) : json({}, 401);
    }
    if (line.startsWith('GET /api/products?'))
      return isIn ? json({ items: [{ id: number++, name: 'tea' }] }) : json({}, 401);
    if (line === 'GET /api/me') return isIn ? json({ name: 'ada' }) : json({}, 401);
    if (line === 'POST /api/orders')
      return isIn ? json({ order: { id: issue('ord-') } }, 201) : json({}, 401);
    if (line.startsWith('GET /api/orders/'))
      return isIn && known.has(line.split('/')[3] ?? '') ? json({ line: 1 }) : json({}, 404);
    if (line === 'GET /form')
      return html(
        `<title>form</title><form method=post action=/login><input type=hidden name="csrf" value="${issue('csrf-')}"><input name=user value=ada><input name=password value=analytical><button>go</button></form>`,
      );
    if (line === 'POST /login')
      return {
        // The token of the form, once.
        status: known.delete(/csrf=([\w-]+)/.exec(body)?.[1] ?? '') ? 303 : 403,
        type: 'text/plain',
        body: '',
        headers: { location: '/account', 'set-cookie': `sid=${issue('s')}; Path=/` },
      };
    if (line === 'GET /account') return known.has(cookie) ? html(ACCOUNT) : json({}, 403);
    if (line === 'POST /note') return body.includes('a "quoted" `note` ${x}') ? json({}, 201) : json({}, 400);
    if (line === 'POST /upload') return known.has(cookie) ? json({}, 201) : json({}, 403);
    if (line === 'POST /graphql') return known.has(cookie) ? json({ data: {} }) : json({}, 403);
    return json({}, 404);
  };
  return listen(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const line = `${request.method} ${request.url}`;
        const made = answer(line, Buffer.concat(chunks).toString(), request);
        seen.push(`${line} ${made.status}`);
        response.writeHead(made.status, { 'content-type': made.type, ...made.headers }).end(made.body);
      });
    }),
    seen,
  );
}

/** A server that answers anything with the same JSON, for tests that look at the requests. */
export function startEcho(
  onRequest: (request: IncomingMessage, body: string) => void,
  answer: object = {},
): Promise<ShopServer> {
  const seen: string[] = [];
  return listen(
    createServer((request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} 200`);
        onRequest(request, Buffer.concat(chunks).toString());
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    }),
    seen,
  );
}

async function listen(server: Server, seen: string[]): Promise<ShopServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
