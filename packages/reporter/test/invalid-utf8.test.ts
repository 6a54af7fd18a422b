import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLoad } from '@jarvis-load/engine';
import { expect, it } from 'vitest';
import { parseResult, renderAll, renderText } from '../src/index.ts';
import { asking } from './fixtures/virtual-load.ts';

/** Latin-1, a byte that UTF-8 never has, and a character whose second byte is missing. */
const BROKEN = Buffer.from('caf\u00e9 \u00ff \u00c3(', 'latin1');
const SHOWN = 'caf\ufffd \ufffd \ufffd(';

it('bytes of a target that are no UTF-8 are replaced in every view, which is UTF-8 itself', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(BROKEN);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const result = await startLoad({
    baseUrl: `http://127.0.0.1:${port}`,
    scenarios: [asking('ask', { kind: 'per-vu-iterations', vus: 1, iterations: 2 })],
  }).result;
  server.close();
  expect(result.errors[0]?.example.body).toBe(SHOWN);
  const views = [...renderAll(result), { fileName: 'terminal', content: renderText(result) }];
  const showing = views.filter(({ fileName, content }) => {
    const bytes = Buffer.from(content);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Encoding replaces half characters silently: there must be none.
    expect([fileName, text === content]).toEqual([fileName, true]);
    return text.includes(SHOWN);
  });
  expect(showing.map(({ fileName }) => fileName)).toEqual(
    expect.arrayContaining(['result.json', 'report.html', 'terminal']),
  );
  const json = views.find(({ fileName }) => fileName === 'result.json')!;
  expect(parseResult(json.content, 'result.json').errors[0]?.example.body).toBe(SHOWN);
});
