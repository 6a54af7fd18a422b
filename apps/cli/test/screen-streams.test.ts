import { defineScenario, startLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { LiveOutput, LiveStore } from '@jarvis-load/live';
import { describe, expect, it } from 'vitest';
import { screenLines } from '../src/screen/screen-lines.ts';

const assistant = defineScenario({
  name: 'assistant',
  operations: [
    { name: 'chat.stream', method: 'POST', route: '/chat', stream: 'sse', good: 'ttft < 200 ms' },
    { name: 'speech', method: 'POST', route: '/speech', stream: 'chunked' },
    { name: 'health', method: 'GET', route: '/health' },
  ],
  executor: { kind: 'constant-arrival-rate', rate: 4, duration: '30s', maxVUs: 10 },
  async run(user) {
    if (user.iterationInRun < 4) await user.get('/health');
    if (user.iterationInRun < 8) return;
    await user.stream({ operation: 'chat.stream', path: '/chat' }).response;
    await user.stream({ operation: 'speech', path: '/speech' }).response;
  },
});

describe('streams on the screen of a run', () => {
  it.each([
    [60, 20],
    [100, 30],
  ])(
    'have first token, tokens per second and good share in %i x %i, once there are any',
    async (columns, rows) => {
      const store = new LiveStore('view');
      const clock = new VirtualClock();
      let chats = 0;
      // Every fourth answer begins after 300 ms, the others after 120; each has five tokens.
      const transport = new ScriptedTarget(clock, ({ path }) => {
        if (path === '/health') return { afterMs: 5 };
        if (path === '/speech') return { pieces: [{ atMs: 40, bytes: 'RIFF' }] };
        const firstMs = chats++ % 4 === 0 ? 300 : 120;
        const pieces = [0, 1, 2, 3, 4].map((at) => ({ atMs: firstMs + at, bytes: 'data: a\n\n' }));
        return { pieces: [...pieces, { atMs: firstMs + 5, bytes: 'data: [DONE]\n\n' }] };
      });
      const run = startLoad({
        baseUrl: 'http://jarvis.test',
        scenarios: [assistant],
        outputs: [new LiveOutput(store, (text) => text)],
        clock,
        transport,
      });
      const shown = (size = { columns, rows }, warnings: readonly string[] = []) => {
        const { run: head, now } = store.state;
        const rest = {
          window: undefined,
          p95: [],
          phase: undefined,
          warnings,
          rate: null,
          keys: 'q stop',
        };
        return screenLines({ head, now, ...rest }, size, (_style, text) => text);
      };
      await clock.advance(1500);
      expect(shown().join('\n')).not.toContain('first token');
      await clock.advance(9000);
      const lines = shown();
      const at = lines.findIndex((line) => line.startsWith('first token, ms'));
      expect(lines[at]).toMatch(/^first token, ms +p50 +p95 +p99 +tokens\/s +good$/);
      const streams = lines.slice(at + 1, at + 3).toSorted();
      expect(streams[0]).toMatch(/^chat\.stream +120 +300 +300 +20\.0 +75/);
      expect(streams[1]).toMatch(/^speech +40\.0 +40\.0 +40\.0 +– +–$/);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines.at(-1)).toBe('q stop');
      // Smaller than all that there is to say: warnings stay, and no line is wrapped.
      for (const small of [
        { columns: 60, rows: 24 },
        { columns: 50, rows: 14 },
        { columns: 40, rows: 8 },
      ]) {
        const cut = shown(small, ['first', 'second', 'third']);
        expect(cut.slice(-4)).toEqual(['first', 'second', 'third', 'q stop']);
        expect(cut.length).toBeLessThanOrEqual(small.rows);
        expect(cut.filter((line) => line.length > small.columns)).toEqual([]);
      }
      run.abort('the test is over');
      await clock.until(run.result);
    },
  );
});
