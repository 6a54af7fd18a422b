import fc from 'fast-check';
import { marked, type Token, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown } from '../src/escape/markdown.ts';
import { renderMarkdown } from '../src/index.ts';
import { emptyRun, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';

/** Every token of a document, as GitHub's dialect of Markdown reads it. */
function tokensOf(markdown: string): Token[] {
  const all: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown), (token) => void all.push(token));
  return all;
}

const PASS = runResult();
const FAIL = hostileRun();
const EMPTY = emptyRun();
const HTML_OF_OURS = /^(?:<\/?(?:details|summary)>|[\s\w,.:=/-])+$/;

describe('renderMarkdown', () => {
  it.each([
    ['a run that passes', 'markdown-pass', PASS],
    ['a degraded run with hostile answers', 'markdown-fail', FAIL],
    ['a run without any request', 'markdown-not-valid', EMPTY],
  ])('summarises %s', async (_what, name, result) => {
    await expect(renderMarkdown(result)).toMatchFileSnapshot(`snapshots/${name}.md`);
  });

  it('starts with the verdict, in a heading that fits into a job summary', () => {
    expect(renderMarkdown(PASS)).toMatch(/^### ✓ PASS: /);
    expect(renderMarkdown(FAIL)).toMatch(/^### ✗ FAIL: .*\n\n\*\*17 of 19 promises missed/);
    expect(renderMarkdown(EMPTY)).toMatch(/^### ! NOT VALID: /);
    expect(renderMarkdown(FAIL)).not.toMatch(/^#{1,2} /m);
  });

  it('has tables in which every row has as many cells as the head', () => {
    for (const line of renderMarkdown(FAIL)
      .split('\n\n')
      .filter((block) => block.startsWith('|'))) {
      const cells = line.split('\n').map((row) => row.replaceAll(String.raw`\|`, '').split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  it('stays far below the 1 MiB of a job summary for a thousand operations and messages of 10 MB', () => {
    const [operation] = PASS.operations;
    const [group] = FAIL.errors;
    const long = '|`<::'.repeat(2_000_000);
    const text = renderMarkdown(
      runResult({
        overrides: {
          operations: Array.from({ length: 1000 }, (_, index) => ({
            ...operation!,
            operation: `${index} ${long}`,
          })),
          errors: Array.from({ length: 1000 }, () => ({ ...group!, message: long })),
          notes: [{ level: 'warning', code: 'x', text: long }],
        },
      }),
    );
    expect(text.length).toBeLessThan(300_000);
    expect(text).toMatch(/940 more operations are in the report/);
  });
});

/** Text with a high share of what means something in Markdown, in HTML or to a pipeline. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('`', '|', '<', '>', '[', ']', '(', ')', '*', '_', '~', '#', '&', '\\', '\n', '\r', ':'),
    fc.constantFrom('::warning::', '##[error]', '<script>', '![x](http://e.x/y)', 'https://e.x', '@someone'),
    fc.constantFrom('<!--', '-->', '</details>', '&lt;', '\u001b[2J', '\u202e', '\ud800', 'www.e.x', 'a@e.x'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
});

describe('text of a target in Markdown', () => {
  it('makes no element, link, image, code or further cell, wherever it stands', () => {
    const [operation] = PASS.operations;
    const [group] = FAIL.errors;
    fc.assert(
      fc.property(hostile, hostile, (name, message) => {
        const result = runResult({
          durationMs: 1000,
          overrides: {
            operations: [{ ...operation!, operation: name }],
            errors: [{ ...group!, operation: name, message }],
            notes: [{ level: 'warning', code: 'x', text: message }],
            config: { title: message, command: name },
          },
        });
        const text = renderMarkdown(result);
        expect(text).not.toMatch(/^\s*::/m);
        expect(text).not.toMatch(/##\w*\[/);
        for (const token of tokensOf(text)) {
          expect(['link', 'image', 'codespan', 'del', 'em', 'blockquote', 'hr', 'def']).not.toContain(
            token.type,
          );
          if (token.type === 'html') expect(token.raw).toMatch(HTML_OF_OURS);
          if (token.type === 'table') {
            const { header, rows } = token as Tokens.Table;
            for (const row of rows) expect(row).toHaveLength(header.length);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is shown as written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('a |`<>[]*_~#&\\:!-+()x')) }), (text) => {
        const [first] = marked.lexer(`| a |\n| --- |\n| x${escapeMarkdown(text)}x |`);
        const table = first as Tokens.Table;
        const shown = table.rows[0]?.[0]?.tokens.map((token) => ('text' in token ? token.text : token.raw));
        const decoded = (shown ?? [])
          .join('')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&');
        expect(decoded).toBe(`x${text}x`);
      }),
    );
  });
});
