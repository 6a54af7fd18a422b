import type { ProcFiles } from './proc-files.ts';

/** A mounted hierarchy of control groups. */
interface Mount {
  /** Path of the group that is mounted: in a container without a namespace of control groups it is the container's own, not `/`. */
  readonly root: string;
  readonly folder: string;
}

/**
 * The `cpu.stat` files of this process's control group and of those above it, as far as they are mounted: a quota of any
 * of them holds the process. Version 1 where it has the cpu controller, else version 2 (cgroups(7)).
 */
export function cpuStatPaths(files: ProcFiles): readonly string[] {
  const groups = files.text('/proc/self/cgroup');
  const mounts = files.text('/proc/self/mountinfo');
  if (groups === undefined || mounts === undefined) return [];
  const first = groupOf(groups, (controllers) => controllers.split(',').includes('cpu'));
  const second = groupOf(groups, (controllers) => controllers === '');
  const mounted =
    first === undefined
      ? undefined
      : findMount(mounts, (type, options) => type === 'cgroup' && options.split(',').includes('cpu'));
  if (first !== undefined && mounted !== undefined) return pathsUpwards(first, mounted);
  const unified = findMount(mounts, (type) => type === 'cgroup2');
  return second === undefined || unified === undefined ? [] : pathsUpwards(second, unified);
}

/** Lines are `hierarchy:controllers:path`; version 2 names no controllers. */
function groupOf(text: string, wanted: (controllers: string) => boolean): string | undefined {
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers !== undefined && wanted(controllers)) return path;
  }
  return undefined;
}

/** Lines are `id parent device root mount-point options... - type source options` (proc_pid_mountinfo(5)). */
function findMount(text: string, wanted: (type: string, options: string) => boolean): Mount | undefined {
  for (const line of text.split('\n')) {
    const [own = '', system = ''] = line.split(' - ');
    const [, , , root, folder] = own.split(' ');
    const [type = '', , options = ''] = system.split(' ');
    if (root !== undefined && folder !== undefined && wanted(type, options)) return { root, folder };
  }
  return undefined;
}

function pathsUpwards(group: string, { root, folder }: Mount): readonly string[] {
  const below = root === '/' ? group : group.startsWith(root) ? group.slice(root.length) : '/';
  const names = below.split('/').filter((name) => name !== '' && name !== '..');
  return Array.from({ length: names.length + 1 }, (_, up) =>
    [folder, ...names.slice(0, names.length - up), 'cpu.stat'].join('/'),
  );
}
