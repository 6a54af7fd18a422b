import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Console } from '../output/console.ts';

/** A secret that no server has had in use for so long is replaced: pages that are still open then need the new address. */
const KEPT_MS = 12 * 3_600_000;
/** A server that runs for days keeps its secret in use. */
const TOUCHED_EACH_MS = 3_600_000;
const SECRET = /^[\w-]{32,}$/;

/** Folder of what a program keeps between its starts, as the XDG base directories name it. */
function stateFolder(environment: Console['environment']): string {
  // Relative and empty ones are to be ignored.
  const named = [environment['XDG_STATE_HOME'], environment['LOCALAPPDATA']].find(
    (path) => path !== undefined && isAbsolute(path),
  );
  return join(named ?? join(homedir(), '.local', 'state'), 'jarvis-load');
}

/** Whether only this user can have read or written the file. Windows has no such bits: the folder is the user's. */
function isOwn(path: string): boolean {
  const { mode, uid } = lstatSync(path);
  const isFile = (mode & 0o170000) === 0o100000;
  return isFile && (process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0));
}

/**
 * The secret of the cookies of the live page, kept for the next start: pages that are open come back after a restart by
 * themselves. The token of the address is new for each start, and is never written to a file.
 *
 * @returns undefined where it cannot be kept safely: such a page needs the new address
 */
export function pageSecret(
  environment: Console['environment'],
  warn: (text: string) => void,
): string | undefined {
  const path = join(stateFolder(environment), 'live-page-secret');
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    removeOld(path);
    try {
      writeFileSync(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const secret = isOwn(path) ? readFileSync(path, 'utf8') : '';
    // Another first start has made the file, and not yet written it: this page does without.
    if (secret === '' && isOwn(path)) return undefined;
    if (!SECRET.test(secret)) {
      warn(
        `${path} is not used: it is damaged, or others can read it. Remove it. Pages need the new address`,
      );
      return undefined;
    }
    touch(path);
    setInterval(() => touch(path), TOUCHED_EACH_MS).unref();
    return secret;
  } catch {
    return undefined; // No home, or one that cannot be written.
  }
}

function removeOld(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && Date.now() - stats.mtimeMs > KEPT_MS) rmSync(path);
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // It was removed: the next start has another one.
  }
}
