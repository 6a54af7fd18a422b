// @ts-check
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PERIOD_US = 100_000;
const MOST_ATTEMPTS = 20;

/**
 * Creates a control group with a processor quota. Needs write access to the control group hierarchy, which root usually
 * has outside containers.
 *
 * @param {number} processors such as 0.5
 * @returns {{ readonly procs: string, readonly remove: () => Promise<void> }} the file to write process ids to
 * @throws Error when this machine does not allow it
 */
export function openQuota(processors) {
  const quotaUs = Math.round(processors * PERIOD_US);
  const name = `jarvis-load-prove-${process.pid}`;
  const mount = findMount();
  const folder = join(mount.folder, name);
  mkdirSync(folder);
  try {
    if (mount.version === 1) {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quotaUs));
    } else {
      writeFileSync(join(folder, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
    }
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  return { procs: join(folder, 'cgroup.procs'), remove: () => remove(folder) };
}

/**
 * Retries, because a group that contains a process cannot be removed and the mock may need a moment to end.
 *
 * @param {string} folder
 */
async function remove(folder) {
  for (let attempt = 1; ; attempt++) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if (attempt === MOST_ATTEMPTS) throw error;
      await sleep(100);
    }
  }
}

/** @returns {{ version: 1 | 2, folder: string }} */
function findMount() {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => {
      const [own = '', system = ''] = line.split(' - ');
      const [type = '', , options = ''] = system.split(' ');
      return { folder: own.split(' ')[4] ?? '', type, options: options.split(',') };
    });
  const first = mounts.find(({ type, options }) => type === 'cgroup' && options.includes('cpu'));
  if (first !== undefined) return { version: 1, folder: first.folder };
  const second = mounts.find(({ type }) => type === 'cgroup2');
  if (second !== undefined && existsSync(join(second.folder, 'cgroup.controllers'))) {
    const enabled = readFileSync(join(second.folder, 'cgroup.subtree_control'), 'utf8');
    if (!enabled.split(/\s+/).includes('cpu')) {
      writeFileSync(join(second.folder, 'cgroup.subtree_control'), '+cpu');
    }
    return { version: 2, folder: second.folder };
  }
  throw new Error('no hierarchy of control groups with the cpu controller is mounted');
}
