import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioByName } from '@jarvis-load/jarvis';
import { bundleOf, K6_TESTS, k6TestByName } from '../src/index.ts';

describe('the bundles', () => {
  it.each(K6_TESTS.map((test) => [test.fileName, test] as const))(
    '%s is one plain file for k6: no Node, no engine, no schema library',
    (_, test) => {
      const text = readFileSync(bundleOf(test), 'utf8');
      const imports = [...text.matchAll(/^import .* from "([^"]+)";?$/gm)].map(([, module]) => module);
      expect(new Set(imports)).toEqual(
        new Set([
          'k6',
          'k6/data',
          'k6/execution',
          'k6/http',
          'k6/metrics',
          'k6/timers',
          // Only where it is used: earlier versions of k6 lack it.
          ...(test.name === 'chat-socket' ? ['k6/websockets'] : []),
        ]),
      );
      expect(text).not.toMatch(/typebox|undici|node:|require\(|hdr-histogram/i);
      // Most of it is packages/jarvis; a schema library would triple the size. The three recordings add 136 KiB of
      // base64 to the voice bundles.
      const recordings = text.match(/UklGR[\w+/]{9999}/g)?.length ?? 0;
      expect(recordings).toBe(scenarioByName(test.name).hasVoice ? 3 : 0);
      expect(statSync(bundleOf(test)).size).toBeLessThan((recordings > 0 ? 300 : 160) * 1024);
    },
  );

  it('say in their first lines that nothing guards a bare run', () => {
    const head = readFileSync(bundleOf(k6TestByName('chat')), 'utf8').slice(0, 700);
    expect(head).toMatch(/NO GUARD/);
    expect(head).toMatch(/k6 run chat-api\.js/);
  });

  it('are named in an error when a test is asked for that does not exist', () => {
    expect(() => k6TestByName('chatt')).toThrow(/no k6 test "chatt".*chat, voice, memory, workflow/);
  });
});
