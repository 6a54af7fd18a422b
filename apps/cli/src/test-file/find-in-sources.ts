import { readFileSync } from 'node:fs';
import type { SourcePlace } from './code-frame.ts';

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
 * Where a word is written: first as the name of a property or an export, then as a text, then anywhere in code. Errors about values have no
 * place of their own, but name what they are about.
 *
 * @param words most telling first
 */
export function findInSources(words: readonly string[], sources: readonly string[]): SourcePlace | undefined {
  const texts = sources.flatMap((path) => {
    try {
      return [{ path, lines: readFileSync(path, 'utf8').split(/\r?\n/) }];
    } catch {
      return [];
    }
  });
  for (const word of words) {
    for (const pattern of [
      new RegExp(String.raw`(?<![\w$.])${escaped(word)}(?=\s*[:(=,])`),
      new RegExp(`(?<=['"\`])${escaped(word)}(?=['"\`])`),
      new RegExp(String.raw`(?<![\w$])${escaped(word)}(?![\w$])`),
    ]) {
      for (const { path, lines } of texts) {
        const index = lines.findIndex((line) => pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line));
        if (index >= 0) return { path, line: index + 1, column: lines[index]!.search(pattern) + 1 };
      }
    }
  }
  return undefined;
}
