import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers.ts';
import { suiteNamed } from '../src/suites/suites.ts';
import { freePort } from '../../../tools/free-port.ts';
import { runOfSuite } from './support/run-of-suite.ts';

const program = requirePeer('mock-llm');
const ITERATIONS = 6;

let server: ChildProcess;
let log = '';
let baseUrl: string;

describe.skipIf(program === undefined)('a server with the OpenAI-style API that others wrote', () => {
  beforeAll(async () => {
    // It takes a port and does not say which it got.
    const port = await freePort();
    baseUrl = `http://127.0.0.1:${port}`;
    const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port) };
    server = spawn(process.execPath, [program!], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      server.once('exit', () => reject(new Error(`mock-llm ended: ${log}`)));
      server.stdout!.on('data', (text: Buffer) => {
        log += text.toString();
        if (log.includes('server running')) resolve();
      });
    });
  }, 60_000);
  afterAll(async () => {
    if (server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  });

  it('answers chat-stream, as often as its own log says', async () => {
    const asked = (): number => log.split('POST /v1/chat/completions\n').length - 1;
    const settings = { 'openai.promptTokens': '50' };
    const result = await runOfSuite({ suite: suiteNamed('openai'), baseUrl, settings }, 'chat-stream', {
      kind: 'shared-iterations',
      vus: 3,
      iterations: ITERATIONS,
    });
    const { streams } = result.operations[0]!;
    // It echoes the prompt in pieces of 50 characters, and sends no usage: each piece counts as a token.
    expect(streams).toMatchObject({ streams: ITERATIONS, parts: 4 * ITERATIONS, tokensFrom: 'parts' });
    expect(streams?.goodput).toMatchObject({ good: ITERATIONS, planned: ITERATIONS });
    expect(result.totals).toMatchObject({ requests: ITERATIONS, failed: 0 });
    // One more: the probe before the load.
    await expect.poll(asked).toBe(ITERATIONS + 1);
  });
});
