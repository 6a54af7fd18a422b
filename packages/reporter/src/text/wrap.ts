import { displayWidth, truncate } from './display-width.ts';

/** Wraps text, escaped and not yet painted, at spaces into lines of at most `width` columns; a longer word is truncated. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const candidate = line === '' ? word : `${line} ${word}`;
    if (displayWidth(candidate) <= width) {
      line = candidate;
      continue;
    }
    if (line !== '') lines.push(line);
    line = truncate(word, width);
  }
  return line === '' ? lines : [...lines, line];
}
