import { describe, expect, it } from 'vitest';
import { renderHtml, renderMarkdown, renderText } from '../src/index.ts';
import { tracesTable } from '../src/html/sections/traces-table.ts';
import { hostileRun } from './fixtures/hostile.ts';

const OF_ERROR = 'ab'.repeat(16);
const OF_SLOW = 'cd'.repeat(16);

const plain = hostileRun();
const traced = {
  ...plain,
  errors: plain.errors.map((group, place) =>
    place === 0 ? { ...group, example: { ...group.example, traceId: OF_ERROR } } : group,
  ),
  traces: {
    requests: 12,
    slowest: [
      {
        scenario: 'chat-user',
        operation: 'chat.<b>send</b>\u001B[2J',
        method: 'POST',
        route: '/api/chat',
        traceId: OF_SLOW,
        atMs: 61_000,
        responseTimeMs: 2345,
        status: 0,
        outcome: 'timeout',
      },
    ],
  },
};

describe('a run with traces', () => {
  it('names the trace of an example of errors, and of the slowest requests, in the summary', () => {
    const text = renderText(traced);
    expect(text).toMatch(new RegExp(`ERRORS\\n[^]*-> [^\\n]*\\n +trace ${OF_ERROR}\\n`));
    expect(text).toMatch(/SLOWEST TRACED REQUESTS {2}12 of [\d,]+ requests carried a trace id\n/);
    const words = text.replaceAll(/\s+/g, ' ');
    expect(words).toContain(`2,345 ms: chat.<b>send</b>, timeout, no response, at 1:01, trace ${OF_SLOW}`);
    expect(text).not.toContain('\u001B[2J');
  });

  it('names them in Markdown and in the report, where text of scenarios stays text', () => {
    const markdown = renderMarkdown(traced);
    expect(markdown).toMatch(new RegExp(`- .*trace ${OF_ERROR}`));
    expect(markdown).toMatch(new RegExp(`<summary>Slowest traced requests</summary>[^]*trace ${OF_SLOW}`));
    const html = renderHtml(traced);
    expect(html).toContain(`trace ${OF_ERROR}`);
    expect(html).toContain('<a href="#traces">');
    expect(html).toContain(OF_SLOW);
    for (const text of [markdown, html]) expect(text).not.toContain('<b>send');
  });

  it('marks failures, and not what a user left', () => {
    const cells = ['hung_up', 'stalled'].map((outcome) => {
      const slowest = traced.traces.slowest.map((each) => ({ ...each, outcome }));
      return tracesTable({ ...traced, traces: { requests: 1, slowest } }).rows[0]!.cells[2];
    });
    expect(cells).toMatchObject([{ text: 'hung up' }, { text: 'stalled', tone: 'fail' }]);
    expect(cells[0]).not.toHaveProperty('tone');
  });

  it('has no such section without traces', () => {
    for (const text of [renderText(plain), renderMarkdown(plain)]) expect(text).not.toMatch(/trace/i);
    expect(renderHtml(plain)).not.toContain('id="traces"');
  });
});
