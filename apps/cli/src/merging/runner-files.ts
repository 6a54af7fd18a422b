import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { usageError } from '../cli-error.ts';
import { beginningOf } from '../k6/k6-file.ts';

const EXPECTED = 'the samples of each runner once: what k6 run --out json or --out csv wrote';
/** Of the end of a file, for telling copies. */
const TAIL_BYTES = 64 * 1024;

/** What one runner of k6 wrote. */
export interface RunnerFile {
  readonly path: string;
  /** `runner 3` by the tag `instance_id`, which k6-operator gives to its runners; the name of the file where it has none. */
  readonly name: string;
  /** null: the file has no such tag. */
  readonly instance: number | null;
}

/**
 * The runners whose files are given.
 * @throws CliError exit 2 for a runner whose samples are there twice
 */
export function runnerFiles(paths: readonly string[], cwd: string): readonly RunnerFile[] {
  const seen = new Map<string, string>();
  return paths.map((path) => {
    const shown = relative(cwd, path) || path;
    const found = /instance_id["=:\s]+(\d{1,6})\b/.exec(beginningOf(path))?.[1];
    const instance = found === undefined ? null : Number(found);
    const name = instance === null ? basename(path) : `runner ${instance}`;
    const keys = [fingerprint(path), ...(instance === null ? [] : [name])];
    const twin = keys.map((key) => seen.get(key)).find((each) => each !== undefined);
    if (twin !== undefined) {
      throw usageError(
        'merge-input',
        `${twin} and ${shown} are of the same runner`,
        EXPECTED,
        `leave one of them out`,
      );
    }
    for (const key of keys) seen.set(key, shown);
    return { path, name, instance };
  });
}

/** Runners below the highest number whose files are not there. */
export function missingRunners(files: readonly RunnerFile[]): readonly string[] {
  const known = new Set(files.flatMap(({ instance }) => instance ?? []));
  const most = Math.max(0, ...known);
  return Array.from({ length: most }, (_, index) => index + 1)
    .filter((instance) => !known.has(instance))
    .map((instance) => `runner ${instance}`);
}

/** Equal for copies: length, beginning and end. */
function fingerprint(path: string): string {
  const { size } = statSync(path);
  const hash = createHash('sha256').update(String(size)).update(beginningOf(path));
  const file = openSync(path, 'r');
  try {
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, size));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return hash.update(tail).digest('hex');
  } finally {
    closeSync(file);
  }
}
