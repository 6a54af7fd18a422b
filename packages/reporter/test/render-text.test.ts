/* oxlint-disable no-control-regex -- the test looks for control characters in the output */
import { describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderClosing, renderHtml, renderMarkdown, renderText } from '../src/index.ts';
import { displayWidth } from '../src/text/display-width.ts';
import { emptyRun, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';
import { latencyStats } from './fixtures/samples.ts';

const REPORTS = ['results/20261122-160500-k3f9/report.html', 'results/20261122-160500-k3f9/result.json'];

describe('renderText', () => {
  it.each([
    ['a run that passes', 'pass-100', runResult(), 100],
    ['a degraded run with hostile answers', 'fail-100', hostileRun(), 100],
    ['the same in 60 columns', 'fail-60', hostileRun(), 60],
    ['a run without any request', 'not-valid-80', emptyRun(), 80],
  ])('summarises %s', async (_what, name, result, width) => {
    await expect(renderText(result, { width, reports: REPORTS })).toMatchFileSnapshot(
      `snapshots/${name}.txt`,
    );
  });

  it('says the verdict first', () => {
    const first = (text: string) => text.trim().split('\n')[0];
    expect(first(renderText(runResult()))).toBe('✓ PASS');
    expect(first(renderText(hostileRun()))).toBe('✗ FAIL');
    expect(first(renderText(emptyRun()))).toBe('! NOT VALID');
  });

  it('lists five reasons after the one of the headline, and says how many more there are and where', () => {
    const withReasons = (count: number) =>
      runResult({
        overrides: {
          verdict: {
            status: 'fail',
            reasons: Array.from({ length: count }, (_, k) => ({
              code: 'exceptions',
              text: `reason ${k + 1}.`,
            })),
          },
        },
      });
    expect(renderText(withReasons(6))).toMatch(
      /✗ FAIL\n {2}Reason 1\.\n +- reason 2\.\n[^]*- reason 6\.\n\n/,
    );
    expect(renderText(withReasons(25))).toMatch(/- reason 6\.\n +- and 19 more \(in the report\)\n\n/);
  });

  it('groups missed promises by operation, and tells what happened', () => {
    const text = renderText(hostileRun(), { width: 120 });
    expect(text).toMatch(/promises missed: chat\.send p95, p99 and errors/);
    expect(text).toMatch(/ - chat\.send: p95 \d+ ms \(limit 300 ms\) · p99/);
    expect(text).toMatch(
      /WHAT HAPPENED\n +- chat\.send missed p95, p99 and errors from 0:12 on, at 60 users/,
    );
  });

  it.each([60, 64, 72, 80, 93, 100, 120, 200])('keeps every line within %i columns', (width) => {
    for (const result of [runResult(), hostileRun(), emptyRun()]) {
      for (const line of renderText(result, { width }).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  it('keeps paths and the command whole, so that they can be copied', () => {
    const path = `results/${'deep/'.repeat(30)}report.html`;
    expect(renderText(runResult(), { width: 60, reports: [path] })).toContain(path);
  });

  it('sends escape sequences only as its own colours, and none without colour', () => {
    const escapes = /\u001b(?!\[[\d;]*m)|[\u0000-\u0009\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e]/;
    expect(renderText(hostileRun(), { color: true })).not.toMatch(escapes);
    expect(renderText(hostileRun(), { color: true })).toContain('\u001b[1;31m✗ FAIL\u001b[0m');
    expect(renderText(hostileRun(), { color: false })).not.toContain('\u001b');
  });

  it('lets no line act as a workflow command', () => {
    for (const width of [60, 80, 100]) {
      const text = renderText(hostileRun(), { width });
      expect(text).not.toMatch(/^\s*::/m);
      expect(text).not.toMatch(/##\w*\[/);
    }
  });

  it('shows the generator only when it matters', () => {
    const result = runResult();
    expect(renderText(result)).not.toContain('GENERATOR');
    const limited = {
      ...result,
      health: { ...result.health, generatorLimited: true, reasons: ['event loop 98% busy'] },
    };
    expect(renderText(limited)).toMatch(/GENERATOR\n.*was the limit[\s\S]*event loop 98% busy/);
  });

  it('counts a check without data among none that passed', () => {
    const passed = Array.from({ length: 13 }, (_, index) => ({
      scenario: 'chat-journey',
      name: `check ${index}`,
      passes: 1,
      fails: 0,
    }));
    const none = { scenario: 'chat-journey', name: 'never evaluated', passes: 0, fails: 0 };
    const text = renderText({ ...runResult(), checks: [...passed, none] });
    expect(text).toContain('13 checks passed each time');
    expect(text).toMatch(/never evaluated +no data/);
  });

  it('says which model the latencies belong to', () => {
    const result = runResult();
    const open = {
      ...result,
      scenarios: result.scenarios.map((each) => ({ ...each, model: 'open' as const })),
    };
    expect(renderText(result)).toContain('Closed model:');
    expect(renderText(open)).toContain('Open model:');
    expect(
      renderText({ ...result, scenarios: [...result.scenarios, ...open.scenarios.slice(0, 1)] }),
    ).toContain('Two models.');
  });
});

describe('renderClosing', () => {
  it.each([
    ['a run that passes', runResult(), 'PASS'],
    ['a degraded run with hostile answers', hostileRun(), 'FAIL'],
    ['a run without any request', emptyRun(), 'NOT VALID'],
  ])('is verdict, sentence, at most five reasons and the report of %s', (_what, result, word) => {
    const lines = renderClosing(result, 'results/a/report.html').trimEnd().split('\n');
    expect(lines[1]?.slice(4)).toBe(word);
    expect(lines.at(-1)).toBe('  results/a/report.html');
    expect(lines.filter((line) => line.startsWith('   - ')).length).toBeLessThanOrEqual(6);
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(lines.filter((line) => /^\s*(::|##)/.test(line))).toEqual([]);
  });
});

describe('streamed responses', () => {
  const run = runResult();
  const [first, ...others] = run.operations;
  const times = latencyStats(Array.from({ length: 200 }, (_, k) => k + 1));
  const streams = {
    streams: 200,
    events: 600,
    parts: 400,
    tokens: 400,
    inputTokens: null,
    tokensFrom: 'parts' as const,
    tokensPerSecond: 13.3,
    ...Object.fromEntries(
      ['ttft', 'ttftSent', 'ttfo', 'ttlt', 'tpot', 'gap', 'longestGap'].map((name) => [name, times] as const),
    ),
    goodput: {
      objectives: ['ttft < 150 ms'],
      good: 149,
      planned: 200,
      share: 0.745,
      low: 0.68,
      high: 0.8,
      perSecond: 4.97,
    },
  } as NonNullable<RunResult['operations'][number]['streams']>;
  const result = { ...run, operations: [{ ...first!, streams }, ...others] };

  it('have a table with first and last token, gaps and goodput, in the terminal and in the report', () => {
    const text = renderText(result);
    expect(text).toMatch(/STREAMS[^]*TTFT p50[^]*\n {2}\S+ +200 +100 +190 .*74\.5%\n/);
    expect(text.replaceAll(/\n +/g, ' ')).toMatch(
      /good is ttft < 150 ms: 149 of 200 planned, 74\.5% \(95% interval 68% to 80%\), 4\.97\/s/,
    );
    expect(text).toMatch(/are estimated/);
    const html = renderHtml(result);
    expect(html).toContain('Longest gap p99');
    expect(html).toContain('149 of 200 planned');
    const [, row = ''] = /Longest gap p99[^]*?<tbody>([^]*?)<\/tbody>/.exec(html) ?? [];
    const cells = row
      .replaceAll(/<[^>]*>/g, ' ')
      .trim()
      .split(/\s+/);
    // Behind name, method and route: streams, TTFT p50, p95, p99.
    expect(cells.slice(3, 7)).toEqual(['200', '100', '190', '198']);
    expect(renderText(run)).not.toContain('STREAMS');
    expect(renderHtml(run)).not.toContain('Longest gap');
  });

  it('that the user left are counted, and those without tokens have no rate of tokens', () => {
    const left: RunResult = {
      ...result,
      operations: [
        {
          ...first!,
          outcomes: { ...first!.outcomes, hung_up: 20 },
          streams: { ...streams, tokens: 0, tokensPerSecond: 0 },
        },
      ],
    };
    const said = `${first!.operation}: the user hung up on 20 of 200 (hung_up): no failure, and not part of TTLT`;
    expect(renderText(left).replaceAll(/\n +/g, ' ')).toContain(said);
    expect(renderText(left)).toMatch(/STREAMS[^]*\n {2}\S+ +200 .* – +74\.5%\n/);
    expect(renderMarkdown(left)).toContain('the user hung up on 20 of 200');
    expect(renderHtml(left)).toContain(said);
    expect(renderText(result)).not.toContain('hung up');
  });

  it('that had no content when they were left or cut off are counted, and mark what they could have raised', () => {
    const ttft = { ...streams.ttft, uncertain: ['p95', 'p99'] };
    const waiting: RunResult = {
      ...result,
      operations: [{ ...first!, streams: { ...streams, ttft, leftWaiting: 20 } }],
    };
    const said = `${first!.operation}: 20 of 200 had no content when the user hung up or the run ended`;
    expect(renderText(waiting).replaceAll(/\n +/g, ' ')).toContain(said);
    expect(renderText(waiting)).toMatch(/STREAMS[^]*\n {2}\S+ +200 +100 +≥190 +≥198 /);
    expect(renderMarkdown(waiting)).toContain('20 of 200 had no content');
    expect(renderMarkdown(waiting)).toContain('≥190');
    expect(renderHtml(waiting)).toContain(said);
    expect(renderText(result)).not.toContain('had no content');
  });
});
