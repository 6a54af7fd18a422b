import type { RunResult, SettingTexts, Suite } from '@jarvis-load/engine';
import { startMock, type RunningMock } from '@jarvis-load/mock-jarvis';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { LOAD_CONFLICTS } from '../src/options/load-conflicts.ts';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';
import { resolveSettings } from '../src/options/resolve-settings.ts';
import { chooseScenarios } from '../src/run/scenarios.ts';
import { suiteNamed } from '../src/suites/suites.ts';
import { credentialsFrom } from '../src/target/credentials.ts';
import { runOfSuite, scenariosOf } from './support/run-of-suite.ts';

const NOTHING = { commandLine: {}, environment: {}, configFile: {}, configFileName: 'x.json' };
const jarvis = suiteNamed('jarvis');
const openAi = suiteNamed('openai');
const folder = mkdtempSync(join(tmpdir(), 'assistants-'));
let mock: RunningMock;

beforeAll(async () => {
  mock = await startMock({
    preset: 'fast',
    settings: [
      'llm.answerTokens=12',
      'llm.models=tiny,large',
      'faults.in_band_error=1',
      'faults.in_band_error.everyNth=4',
      'faults.in_band_error.operations=command',
    ],
  });
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

const prepared = (suite: Suite, names: readonly string[], settings: SettingTexts = {}, baseUrl = mock.url) =>
  scenariosOf({ suite, baseUrl, settings }, names);

const run = (
  suite: Suite,
  name: string,
  iterations: number,
  settings?: SettingTexts,
  baseUrl = mock.url,
): Promise<RunResult> =>
  runOfSuite({ suite, baseUrl, settings }, name, { kind: 'shared-iterations', vus: 2, iterations });

const streamsOf = (result: RunResult, name: string) =>
  result.operations.find(({ operation }) => operation === name)?.streams;

describe('the suites over the OpenAI-style API', () => {
  it('chat-stream measures conversations whose requests carry the turns before', async () => {
    writeFileSync(
      join(folder, 'prompts.ndjson'),
      '{"messages":[{"role":"user","content":"12345678"},{"role":"assistant","content":"x"},{"role":"user","content":"1234"}]}\n',
    );
    const result = await run(openAi, 'chat-stream', 3, {
      'openai.turns': '5',
      'openai.think': '0',
      'openai.prompts': join(folder, 'prompts.ndjson'),
      'openai.model': 'large',
    });
    const streams = streamsOf(result, 'openai.chat')!;
    expect(streams).toMatchObject({ streams: 6, parts: 72, tokens: 72, tokensFrom: 'usage' });
    expect(streams.goodput).toMatchObject({ good: 6, planned: 6 });
    // First turn: 4 + 2 tokens. The second has those, the answer, and 4 + 1 of its own.
    const secondTurns = streams.inputTokens! - 3 * 6;
    expect(secondTurns).toBeGreaterThan(3 * (6 + 4 + 5));
    expect(result.thresholds.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['ttft{scenario:chat-stream}', 'goodput{scenario:chat-stream}']),
    );
  });

  it('chat-stream asks for the lengths of a replayed trace, before those of the settings', async () => {
    const file = join(folder, 'trace.csv');
    writeFileSync(
      file,
      'timestamp,operation,input_length,output_length\n0,openai.chat,50,3\n0.05,,,\n0.1,,200,0\n',
    );
    const settings = { 'openai.promptTokens': '10', 'openai.answerTokens': '5' };
    const result = await runOfSuite({ suite: openAi, baseUrl: mock.url, settings }, 'chat-stream', {
      kind: 'replayed-arrivals',
      file,
    });
    expect(result.scenarios[0]!.iterations).toMatchObject({ planned: 3, completed: 3 });
    const streams = streamsOf(result, 'openai.chat')!;
    // As the mock counts them: `max_tokens` is at least 1; a message has four tokens around it, and letters beyond ASCII more bytes.
    expect(streams).toMatchObject({ streams: 3, tokens: 3 + 5 + 1, tokensFrom: 'usage' });
    expect(streams.inputTokens! / (50 + 10 + 200 + 3 * 4)).toBeCloseTo(1, 1);
  });

  it('Jarvis offers chat-stream without a login, and with its first model', async () => {
    const result = await run(jarvis, 'chat-stream', 2);
    expect(result.totals).toMatchObject({ requests: 2, failed: 0 });
    expect(result.operations.map(({ operation }) => operation)).toEqual(['openai.chat']);
  });

  it.each(['pcm', 'wav', 'mp3'])(
    'voice-turn streams the answer between hearing and speaking: %s',
    async (format) => {
      const result = await run(jarvis, 'voice-turn', 2, { 'openai.speechFormat': format });
      expect(result.totals).toMatchObject({ requests: 6, failed: 0 });
      expect(streamsOf(result, 'openai.chat')).toMatchObject({ streams: 2 });
      expect(streamsOf(result, 'openai.speech')!.parts).toBeGreaterThan(0);
      const valuesOf = (metric: string) => result.metrics.find(({ name }) => name === metric)?.values;
      expect(valuesOf('voice_turn')?.['count']).toBe(2);
      expect(valuesOf('voice_rtf')?.['max']).toBeGreaterThan(0);
      expect(valuesOf('voice_errors')).toMatchObject({ rate: 0 });
    },
  );

  it('an answer with speech_status CRITICAL is failed_in_band, though its status is 200', async () => {
    const result = await run(jarvis, 'command', 8);
    expect(result.totals.outcomes).toMatchObject({ failed_in_band: 2, ok: 6 });
    expect(result.errors[0]?.message).toContain('speech_status CRITICAL');
  });

  it('voice-command asks only what Jarvis of 2026 serves: no chat completions, before the load or in it', async () => {
    mock.reset();
    const result = await run(jarvis, 'voice-command', 2);
    expect(result.totals).toMatchObject({ requests: 6, failed: 0 });
    const valuesOf = (metric: string) => result.metrics.find(({ name }) => name === metric)?.values;
    expect(valuesOf('voice_turn')?.['count']).toBe(2);
    expect(valuesOf('voice_errors')).toMatchObject({ passes: 0, fails: 2 });
    const asked = new Set(mock.counters().rows.map(({ operation }) => operation));
    expect(asked).toContain('command');
    expect(asked).not.toContain('openai.chat');
  });

  it('telemetry listens to the frames of Jarvis of 2026, as many as the mock sent', async () => {
    mock.reset();
    const result = await run(jarvis, 'telemetry', 2, { 'telemetry.seconds': '0.5' });
    expect(result.totals).toMatchObject({ requests: 2, failed: 0, outcomes: { hung_up: 2 } });
    const telemetryRow = () =>
      mock.counters().rows.find(({ operation, phase }) => operation === 'telemetry' && phase === 'run');
    await expect.poll(() => telemetryRow()?.settled).toBe(2);
    const { parts, ttft, gap } = streamsOf(result, 'telemetry')!;
    // Frames that were on their way when the listener left were sent and not read.
    const sent = telemetryRow()!.streams!.chunks;
    expect(parts).toBeGreaterThan(2);
    expect(parts).toBeLessThanOrEqual(sent);
    expect({ first: ttft.count, gaps: gap.count }).toEqual({ first: 2, gaps: parts - 2 });
  });

  it.each(['chat', 'message'])('chat-socket converses over /ws in the form %s', async (form) => {
    const before = mock.counters();
    const result = await run(jarvis, 'chat-socket', 2, {
      'socket.form': form,
      'socket.think': '0',
      'socket.history': 'message',
    });
    const streams = streamsOf(result, 'chat.socket')!;
    expect(streams).toMatchObject({ streams: 6, parts: 6, goodput: { good: 6, planned: 6 } });
    expect(streams.ttft.count).toBe(6);
    expect(result.totals).toMatchObject({ failed: 0 });
    const counted = (rows: typeof before) =>
      rows.rows.filter(({ operation }) => operation === 'ws').reduce((sum, row) => sum + row.arrived, 0);
    expect(counted(mock.counters()) - counted(before)).toBe(6);
    expect(result.thresholds.map(({ metric }) => metric)).toContain('ttft{scenario:chat-socket}');
  });

  it('chat-socket interrupts answers, and hangs up where the answer takes too long', async () => {
    const slow = await startMock({ preset: 'fast', settings: ['latency.ws=150ms'] });
    try {
      const settings = { 'socket.think': '0', 'socket.turns': '1', 'socket.bargeInAfter': '0.01' };
      const barged = await run(
        jarvis,
        'chat-socket',
        2,
        { ...settings, 'socket.bargeInShare': '1' },
        slow.url,
      );
      // The answer that was interrupted, and that to the interruption.
      expect(streamsOf(barged, 'chat.socket')).toMatchObject({ streams: 4, parts: 4 });
      const bargeIn = barged.metrics.find(({ name }) => name === 'barge_in');
      expect(bargeIn?.values).toMatchObject({ count: 2 });
      expect(bargeIn!.values['min']).toBeGreaterThan(50);
      // The server takes 150 ms for each message, the one that interrupts among them.
      expect(streamsOf(barged, 'chat.socket')!.ttftSent.minMs).toBeGreaterThan(145);
      const left = await run(
        jarvis,
        'chat-socket',
        2,
        { ...settings, 'socket.hangUpAfter': '0.05' },
        slow.url,
      );
      expect(left.totals.outcomes).toMatchObject({ hung_up: 2 });
      expect(left.metrics.find(({ name }) => name === 'errors')?.values).toMatchObject({ rate: 0 });
      // What was too slow has no time to first token: the promise about it is not kept.
      expect(streamsOf(left, 'chat.socket')).toMatchObject({ leftWaiting: 2, ttft: { count: 0 } });
      expect(left.thresholds.find(({ metric }) => metric.startsWith('left_waiting'))?.status).toBe('fail');
    } finally {
      await slow.close();
    }
  });

  it('chat-socket says that the core has no WebSocket', async () => {
    const core = await startMock({ preset: 'fast', settings: ['dialect=core'] });
    try {
      await expect(run(jarvis, 'chat-socket', 2, {}, core.url)).resolves.toMatchObject({
        run: {
          end: {
            kind: 'setup-failed',
            reason: expect.stringContaining('plain page, no WebSocket') as string,
          },
        },
      });
    } finally {
      await core.close();
    }
  });

  it('what a target does not offer is named before the load', async () => {
    await expect(prepared(openAi, ['embeddings'])).rejects.toThrow(
      /does not offer what these scenarios request:\s+POST \/v1\/embeddings answered 404/,
    );
  });

  it('a model that the target does not list is asked all the same, with a note', async () => {
    const [scenario] = await prepared(openAi, ['chat-stream'], { 'openai.model': 'huge' });
    expect(scenario?.notOffered?.[0]?.text).toBe(
      'GET /v1/models does not list the model "huge"; it lists tiny, large.',
    );
  });

  it('a file of prompts that cannot be used is an error that names file and entry', () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, '[{"prompt": "a"}, {"question": "b"}]');
    const read = () => openAi.readFiles?.([], { 'openai.prompts': path });
    expect(read).toThrow(CliError);
    expect(read).toThrow('broken.json: entry 2 has no prompt, messages or conversations');
    expect(() => openAi.readFiles?.([], { 'openai.prompts': '/none.json' })).toThrow('there is no such file');
  });

  it('the key comes from the environment, and --token overrides it', () => {
    const environment = { OPENAI_API_KEY: ' sk-1 ' };
    expect(credentialsFrom({}, openAi, '/', true, environment)).toEqual({ token: 'sk-1' });
    expect(credentialsFrom({ token: 't' }, openAi, '/', true, environment)).toEqual({ token: 't' });
    expect(credentialsFrom({}, openAi, '/', true, {})).toBeUndefined();
    // Of another suite, in the environment of a whole pipeline.
    const elsewhere = { environment: { JARVIS_USERNAME: 'u', JARVIS_PASSWORD: 'p' } };
    const settings = resolveSettings(LOAD_FLAGS, { ...NOTHING, ...elsewhere }, LOAD_CONFLICTS);
    expect(settings).toMatchObject({ username: 'u', password: 'p' });
    expect(credentialsFrom(settings, openAi, '/', true, environment)).toEqual({ token: 'sk-1' });
    const typed = { ...NOTHING, commandLine: { username: ['u'], password: ['p'] } };
    const asked = resolveSettings(LOAD_FLAGS, typed, LOAD_CONFLICTS);
    expect(credentialsFrom(asked, openAi, '/', true, environment)).toHaveProperty('accounts');
    expect(credentialsFrom({}, jarvis, '/', true, environment)).not.toHaveProperty('token');
  });

  it('neither runs by default nor with all, unless it is named', () => {
    const names = (given?: readonly string[]) =>
      chooseScenarios(given, '--scenario', jarvis).map(({ name }) => name);
    expect(names()).toEqual(['chat-user', 'voice-user', 'memory']);
    expect(names(['all'])).not.toContain('chat-stream');
    expect(names(['all', 'command'])).toContain('command');
  });
});
