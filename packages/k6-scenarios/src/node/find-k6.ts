import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { K6Error } from './k6-error.ts';

/** A k6 executable on this machine. */
export interface FoundK6 {
  readonly path: string;
  /** Such as `1.8.1`; `unknown` when k6 does not print it. */
  readonly version: string;
}

const PROGRAM = process.platform === 'win32' ? 'k6.exe' : 'k6';

/**
 * Finds k6: the one that `npm run setup:peers` installed in `.peers/bin`, else the one on the PATH.
 * @param folders where to look for `.peers`: in each of them and in their parent folders
 * @throws K6Error `k6_missing` with how to install it
 */
export function findK6(
  folders: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): FoundK6 {
  const path =
    folders.map(findOwn).find((found) => found !== undefined) ??
    findOnPath(environment['PATH'] ?? environment['Path'] ?? '');
  if (path === undefined) {
    throw new K6Error(
      'k6_missing',
      'k6 is neither on the PATH nor in .peers/bin. Get it with: npm run setup:peers -- k6 ' +
        '(needs Go), or install it from grafana.com/docs/k6.',
    );
  }
  const { stdout } = spawnSync(path, ['version'], { encoding: 'utf8', timeout: 10_000 });
  return { path, version: /v?(\d+\.\d+\.\d+\S*)/.exec(stdout ?? '')?.[1] ?? 'unknown' };
}

function findOwn(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    const path = join(current, '.peers', 'bin', PROGRAM);
    if (isExecutable(path)) return path;
    if (dirname(current) === current) return undefined;
  }
}

function findOnPath(path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, PROGRAM))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
