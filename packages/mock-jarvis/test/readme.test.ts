import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAULT_OUTCOMES, MOCK_PRESETS, parseMockSettings } from '../src/index.ts';
import { configReference } from './support/config-reference.ts';

const path = fileURLToPath(new URL('../README.md', import.meta.url));
const readme = (): string => readFileSync(path, 'utf8');

/** Rows of a table without the padding that Prettier adds. */
const plain = (table: string): string[] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/\s*\|\s*/g, '|').replaceAll(/-{3,}/g, '---'));

const generated = (name: string): string => {
  const found = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- end -->`).exec(readme());
  return found?.[1] ?? '';
};

/** With `UPDATE_DOCS=1` writes the table, otherwise compares it. */
function expectGenerated(name: string, table: string): void {
  if (process.env['UPDATE_DOCS'] !== undefined) {
    const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`);
    writeFileSync(
      path,
      readme().replace(block, (_all, start: string, end: string) => `${start}\n${table}\n\n${end}`),
    );
  }
  expect(plain(generated(name))).toEqual(plain(table));
}

describe('README', () => {
  it('lists every setting with its default', () => {
    expectGenerated('settings', configReference());
    expect(plain(generated('settings')).length).toBeGreaterThan(40);
  });

  it('lists the presets', () => {
    const lines = MOCK_PRESETS.map(({ name, description }) => `| \`${name}\` | ${description} |`);
    expectGenerated('presets', ['| preset | what it does |', '|---|---|', ...lines].join('\n'));
  });

  it('says what a client sees of each fault', () => {
    const lines = Object.entries(FAULT_OUTCOMES).map(([kind, outcome]) => `| \`${kind}\` | \`${outcome}\` |`);
    const table = generated('faults');
    for (const line of plain(lines.join('\n')))
      expect(plain(table).some((row) => row.startsWith(line.slice(0, -1)))).toBe(true);
  });

  it('shows only settings that are accepted', () => {
    const shown = [...readme().matchAll(/--set(?:=| )(?:mock\.)?([\w.-]+=[^\s`]+)/g)].map(
      (match) => match[1]!,
    );
    expect(shown.length).toBeGreaterThan(5);
    for (const setting of shown) expect(() => parseMockSettings([setting])).not.toThrow();
  });
});
