import { afterAll, describe, expect, it } from 'vitest';
import type { CapacityReport } from '@jarvis-load/capacity';
import type { RunResult } from '@jarvis-load/engine';
import { Workspace } from './support/cli.ts';

const here = new Workspace();
afterAll(() => here.remove());

describe('load --sweep', () => {
  it('makes a run for each level, and one report with first token, tokens/s and goodput of their documents', async () => {
    const mock = ['latency.openai.chat=20ms', 'llm.gap=1ms', 'llm.answerTokens=10'];
    const { code, out, err } = await here.run([
      'load',
      '--target=mock',
      '--scenario=chat-stream',
      '--sweep=users=1,2',
      '--duration=1s',
      '--set=openai.think=0',
      ...mock.map((setting) => `--set=mock.${setting}`),
      '--quiet',
    ]);
    const [folder = ''] = here.files('results').filter((name) => name.startsWith('sweep-'));
    const report = JSON.parse(here.file('results', folder, 'capacity.json')) as CapacityReport;
    expect(report, err).toMatchObject({ mode: 'sweep', unit: 'users', scenarios: ['chat-stream'] });
    const [{ steps }] = report.rounds as [CapacityReport['rounds'][0]];
    // A level that a busy machine spoilt is measured again.
    expect([...new Set(steps.map(({ level }) => level))]).toEqual([1, 2]);
    for (const { runId, figures } of steps) {
      const document = JSON.parse(here.file('results', folder, runId!, 'result.json')) as RunResult;
      const chat = document.operations.find(({ operation }) => operation === 'openai.chat')!;
      const { streams, ttft, tokensPerSecond, goodput } = chat.streams!;
      expect(chat.requests).toBeGreaterThan(0);
      expect(streams).toBe(chat.requests + chat.interrupted);
      expect(figures!.streams).toEqual({
        operation: 'openai.chat',
        ttftP50Ms: ttft.percentiles.p50,
        ttftP95Ms: ttft.percentiles.p95,
        ttftP99Ms: ttft.percentiles.p99,
        tokensPerSecond,
        goodput: goodput!.share,
      });
    }
    // The levels may fail on a busy machine; the exit code says whether they did.
    const statuses = steps.map(({ status }) => status);
    const failed = statuses.includes('fail') ? 99 : 98;
    expect(code).toBe(statuses.every((status) => status === 'pass') ? 0 : failed);
    expect(out).toMatch(/SWEEP[^]*STEPS[^]*ttft p95 +tokens\/s +good/);
  });
});
