import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A text that may name a file: with an extension, in quotes. */
const NAME = /(['"`])([^'"`\n]{1,200}\.[A-Za-z0-9]{1,8})\1/g;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The files that sources name in texts, such as the CSV file of a feeder: those that exist, seen from the folder of the
 * source (`new URL('./users.csv', import.meta.url)`) or from the working directory.
 */
export function dataFilesOf(sources: readonly string[], cwd: string): readonly string[] {
  const found = new Set<string>();
  for (const source of sources) {
    let text: string;
    try {
      text = readFileSync(source, 'utf8');
    } catch {
      continue;
    }
    for (const [, , name = ''] of text.matchAll(NAME))
      for (const path of [resolve(dirname(source), name), resolve(cwd, name)])
        if (isFile(path)) found.add(path);
  }
  return [...found];
}
