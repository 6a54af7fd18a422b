import { describe, expect, it } from 'vitest';
import { escapeCsv } from '../src/escape/csv.ts';
import { escapeHtml } from '../src/escape/html.ts';
import { removeInvalidXml } from '../src/escape/xml.ts';
import { defuseWorkflowCommands, escapeTerminal } from '../src/escape/terminal.ts';

describe('escapeTerminal', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['clearing the screen', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a new window title', '\u001b]0;owned\u0007text', 'text'],
    ['a hyperlink', '\u001b]8;;http://evil.example\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a device control string', '\u001bPpayload\u001b\\text', 'text'],
    ['an unterminated title', '\u001b]0;owned', '0;owned'],
    ['sequences that start with one C1 character', '\u009b31mred\u009d0;title\u009c', 'red'],
    ['a lone escape at the end', 'text\u001b', 'text'],
    ['backspace, bell and delete', 'a\u0008b\u0007c\u007f', 'abc'],
    ['line breaks of every kind', 'a\r\nb\u0085c\u2028d\te', 'a b c d e'],
    ['bidirectional overrides', 'a\u202egnp.exe\u202c \u2066b\u2069', 'agnp.exe b'],
    ['invisible characters', 'a\u200bb\ufeffc\u{e0041}', 'abc'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
  ])('removes %s', (_what, hostile, safe) => {
    expect(escapeTerminal(hostile)).toBe(safe);
  });

  it('leaves text of any script and emoji alone', () => {
    const text = 'Réponse 日本語 العربية 👩‍💻 ₿';
    expect(escapeTerminal(text)).toBe(text);
  });
});

describe('defuseWorkflowCommands', () => {
  it.each([
    ['::error::forged', ': error::forged'],
    ['   ::set-output name=a::b', '   : set-output name=a::b'],
    ['text ##[error]forged', 'text # [error]forged'],
    ['##vso[task.complete]', '# vso[task.complete]'],
    ["##teamcity[buildStop comment='x']", "# teamcity[buildStop comment='x']"],
  ])('takes the meaning from %s', (line, safe) => {
    expect(defuseWorkflowCommands(line)).toBe(safe);
  });

  it('leaves colons elsewhere in a line alone', () => {
    expect(defuseWorkflowCommands('  connect to ::1 failed in std::vector')).toBe(
      '  connect to ::1 failed in std::vector',
    );
  });
});

describe('escapeHtml', () => {
  it('makes markup harmless in text and in attributes', () => {
    expect(escapeHtml(`<img src=x onerror="a('b')">&\``)).toBe(
      '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;&#96;',
    );
  });

  it('shows control characters and bidirectional overrides as signs', () => {
    expect(escapeHtml('\u001b[2J\u0000\u009b5A\u202e')).toBe('\\x1b[2J\\x00\\x9b5A\ufffd');
  });

  it('keeps line breaks, and writes nothing for what is absent', () => {
    expect(escapeHtml('a\r\nb\tc')).toBe('a\nb\tc');
    expect(escapeHtml(undefined)).toBe('');
    expect(escapeHtml(0)).toBe('0');
  });
});

describe('removeInvalidXml', () => {
  it.each([
    ['control characters', 'a\u0000b\u001b[2Jc\u0008', 'ab[2Jc'],
    ['half a surrogate pair, and nothing beside it', 'a\udc00b\ud800c', 'abc'],
    ['what is no character', 'a\ufffeb\uffff', 'ab'],
    ['bidirectional and C1 controls', 'a\u202eb\u2066c\u009b5A\u0085', 'abc5A'],
  ])('removes %s', (_what, text, expected) => {
    expect(removeInvalidXml(text)).toBe(expected);
  });

  it('leaves everything else, line breaks and whole pairs among it', () => {
    const text = 'a\tb\r\nc \u{1f600}<&>';
    expect(removeInvalidXml(text)).toBe(text);
  });
});

describe('escapeCsv', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['\u0000=1', "'=1"],
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['a\r\nb', '"a\r\nb"'],
    ['plain', 'plain'],
    ['', ''],
  ])('writes %j as %j', (cell, expected) => {
    expect(escapeCsv(cell)).toBe(expected);
  });

  it('writes numbers as numbers, negative ones too', () => {
    expect(escapeCsv(-1.5)).toBe('-1.5');
    expect(escapeCsv(Number.NaN)).toBe('N/A');
  });
});
