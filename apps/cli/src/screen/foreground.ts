import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * Whether this process is in the foreground of its terminal: it may read keys and change the mode of the terminal then, and
 * the system stops it for both otherwise (SIGTTIN, SIGTTOU). Without a controlling terminal nothing is in its foreground,
 * and nothing is stopped: true. Known at once on Linux.
 */
export function isInForeground(): boolean | Promise<boolean> {
  if (process.platform === 'linux')
    return isForegroundGroup(statFields(readFileSync('/proc/self/stat', 'utf8')));
  return promisify(execFile)('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)]).then(
    ({ stdout }) => isForegroundGroup(stdout.trim().split(/\s+/).map(Number)),
    () => true,
  );
}

/** Process group, and foreground group of the terminal, of `/proc/<pid>/stat` (proc_pid_stat(5), fields 5 and 8). */
function statFields(stat: string): number[] {
  // The second field is a name in parentheses, which may hold anything.
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [Number(group), Number(foreground)];
}

function isForegroundGroup([group, foreground]: readonly number[]): boolean {
  return foreground === undefined || foreground <= 0 || group === foreground;
}
