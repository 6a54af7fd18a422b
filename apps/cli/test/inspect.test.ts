import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { PROGRAM, Workspace } from './support/cli.ts';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const SHOP = `import { defineScenario } from '@jarvis-load/engine';

interface Unused {
  readonly a: string;
}

export default defineScenario({
  name: 'shop',
  operations: ['GET /health'],
  async run(user) {
    const answer: { status: number } = await user.get('/health');
    user.check(answer as never, { 'is 200': () => answer.status === 200 });
  },
});
`;
/** Counted from 1, as an editor shows it. */
const LINE = 12;

/** What of the inspector protocol is read here: messages, and their parts. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Message;
  readonly result?: Message;
  readonly error?: Message;
  readonly url?: string;
  readonly sourceMapURL?: string;
  readonly hitBreakpoints?: readonly string[];
  readonly reason?: string;
  readonly callFrames?: readonly { readonly callFrameId: string; readonly functionName: string }[];
  readonly value?: unknown;
}

/** A debugger: sends commands, keeps events. */
class Debugger {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: Message) => void>();
  readonly #listeners = new Map<string, (event: Message) => void>();
  #number = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { id, method = '', params = {}, result, error } = JSON.parse(data.toString()) as Message;
      if (id === undefined) this.#listeners.get(method)?.(params);
      else this.#answers.get(id)?.(result ?? error ?? {});
    });
  }

  send(method: string, params: object = {}): Promise<Message> {
    const id = ++this.#number;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  on(method: string, listener: (event: Message) => void): void {
    this.#listeners.set(method, listener);
  }
}

/** Where a line of the file is in the compiled module, by its source map, as an editor finds it; counted from 0. */
function generatedLine(mapUrl: string, module: string, path: string): number {
  const payload = JSON.parse(
    Buffer.from(mapUrl.slice(mapUrl.indexOf(',') + 1), 'base64').toString(),
  ) as SourceMapPayload;
  const map = new SourceMap(payload);
  for (let line = 0; line < 1000; line++) {
    const entry = map.findEntry(line, 200);
    if (!('originalSource' in entry) || entry.generatedLine !== line) continue;
    if (new URL(entry.originalSource, module).pathname === path && entry.originalLine === LINE - 1)
      return line;
  }
  throw new Error(`no line ${LINE} of ${path} in the source map`);
}

it(
  'a breakpoint in a test file is hit at its own line, and the run then goes on',
  { timeout: 240_000 },
  async () => {
    const path = join(workspace.directory, 'shop.ts');
    writeFileSync(path, SHOP);
    const started = workspace.start(['load', './shop.ts', '--target=mock', '--once'], {}, [
      process.execPath,
      '--inspect-brk=127.0.0.1:0',
      PROGRAM,
    ]);
    await started.says(/Debugger listening on ws:/);
    const socket = new WebSocket(/ws:\S+/.exec(started.err())![0]);
    await once(socket, 'open');
    const inspector = new Debugger(socket);

    const hit = new Promise<Message>((resolve, reject) => {
      inspector.on('Debugger.scriptParsed', ({ url = '', sourceMapURL = '' }) => {
        if (!/\/\d+-shop\.mjs$/.test(url)) return;
        try {
          const lineNumber = generatedLine(sourceMapURL, url, path);
          void inspector.send('Debugger.setBreakpointByUrl', { url, lineNumber });
        } catch (error) {
          reject(new Error('the breakpoint has no place', { cause: error }));
        }
      });
      // Stops before a script with a source map runs, so that its breakpoints are set by then, and once at the start.
      inspector.on('Debugger.paused', (event) => {
        const { hitBreakpoints = [], reason = '' } = event;
        if (hitBreakpoints.length > 0 && !/instrumentation/i.test(reason)) resolve(event);
        else void inspector.send('Debugger.resume');
      });
    });
    await inspector.send('Debugger.enable');
    await inspector.send('Debugger.setInstrumentationBreakpoint', {
      instrumentation: 'beforeScriptWithSourceMapExecution',
    });
    await inspector.send('Runtime.runIfWaitingForDebugger');

    const [frame] = (await hit).callFrames!;
    const { result } = await inspector.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame!.callFrameId,
      expression: 'answer.status',
    });
    expect([frame!.functionName, result?.value]).toEqual(['run', 200]);
    await inspector.send('Debugger.resume');
    // Node waits for a debugger to leave before it ends.
    await started.says(/Waiting for the debugger to disconnect/);
    socket.close();
    const { code, err } = await started.ended;
    expect(code, err).toBe(0);
    expect(workspace.result().totals.requests).toBe(1);
  },
);
