import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Lines of all `run: |` blocks, and one-line `run:` values. */
function scriptsOf(yaml: string): string[] {
  let indent: number | undefined;
  return yaml.split('\n').flatMap((line) => {
    const depth = line.search(/\S/);
    if (indent !== undefined && (depth > indent || depth < 0)) return [line];
    indent = undefined;
    const [, spaces = '', value = ''] = /^(\s*(?:- )?)run: (.*)$/.exec(line) ?? [];
    if (value === '|') indent = spaces.length;
    return value === '' || value === '|' ? [] : [value];
  });
}

describe.each(['action.yml', 'examples/ci/github.yml'])('%s', (path) => {
  const yaml = readFileSync(join(root, path), 'utf8');

  it('uses actions by commit only', () => {
    const used = [...yaml.matchAll(/uses: (\S+)(.*)/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [line, name] of used) {
      if (name !== './') expect(line).toMatch(/@[\da-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('has no expression in a script, where an input could be a command', () => {
    const lines = scriptsOf(yaml);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes('${{'))).toEqual([]);
  });
});

describe('action.yml', () => {
  it('gives every input and every output a description, and uses each input', () => {
    const yaml = readFileSync(join(root, 'action.yml'), 'utf8');
    const inputs = /^inputs:\n([^]*?)\n\n/m.exec(yaml)?.[1] ?? '';
    const names = [...inputs.matchAll(/^ {2}([\w-]+):\n {4}description: \S/gm)].map(([, name]) => name);
    expect(names.length).toBe([...inputs.matchAll(/^ {2}[\w-]+:/gm)].length);
    for (const name of names) expect(yaml).toContain(`inputs.${name}`);
  });
});
