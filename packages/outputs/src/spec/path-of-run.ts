import { statSync } from 'node:fs';
import { join, parse } from 'node:path';

/**
 * The file of one run of several that one process makes: `run.csv` is `run-<run id>.csv`, so that none replaces another. What is
 * no file, such as `/dev/stdout` or a pipe, stays.
 */
export function pathOfRun(path: string, runId: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile() && !found.isDirectory()) return path;
  // A link to an open file: nothing else can be made in its folder.
  if (/^\/(?:dev|proc)\//.test(path)) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${runId}${ext}`);
}
