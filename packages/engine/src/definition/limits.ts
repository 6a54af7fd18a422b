import { readFileSync } from 'node:fs';
import { EngineError } from '../errors.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import { countOfPart, WHOLE_RUN } from '../plan/count-of-part.ts';
import { askedLoad } from './planned-load.ts';
import type { ResolvedRun } from './resolve-options.ts';

/** Descriptors for everything but user connections: libraries, pipes, event loops, report files. */
const RESERVED_DESCRIPTORS = 64;

/**
 * Checks before the run that this machine has the descriptors and local ports that the users' connections need: running
 * out of them during the run would look like a failure of the target. Checks only on Linux, which exposes these limits. Counts
 * one connection for each user that this process has, one for all users of a scenario that share connections, and none to `bases`.
 * @param usersOf users of a scenario, of a closed executor those of all parts (`part`) @default by its plan
 * @throws EngineError `not-enough-descriptors`
 */
export function checkLimits(
  run: CompiledRun,
  { options, maxConnections }: ResolvedRun,
  usersOf: (scenario: CompiledScenario) => number = ({ executor }) => askedLoad(executor).users,
): void {
  const { index, of } = options.part ?? WHOLE_RUN;
  const users = run.scenarios.reduce((sum, scenario) => {
    const shared =
      (options.connections ?? (scenario.executor.model === 'open' ? 'shared' : 'per-user')) === 'shared';
    const asked = usersOf(scenario);
    // `maxVUs` of an arrival rate is that of each part already.
    const most = scenario.executor.model === 'open' ? asked : countOfPart(asked, index, of);
    return sum + (shared ? Math.min(most, maxConnections, 1) : most);
  }, 0);
  const descriptors = openFilesLimit();
  if (descriptors !== undefined && users + RESERVED_DESCRIPTORS > descriptors) {
    throw new EngineError(
      'not-enough-descriptors',
      `${users} users with a connection each need ${users + RESERVED_DESCRIPTORS} open files, but the limit of this process is ${descriptors}. ` +
        `Raise it (ulimit -n ${roundUp(users + RESERVED_DESCRIPTORS)}), use fewer users, or let them share connections (connections: 'shared', on the command line --connections=shared).`,
    );
  }
  const ports = localPorts();
  if (ports !== undefined && users > ports) {
    throw new EngineError(
      'not-enough-descriptors',
      `${users} users with a connection each need ${users} local ports, but this machine has ${ports} for one target address. ` +
        "Widen net.ipv4.ip_local_port_range, use fewer users, or let them share connections (connections: 'shared', on the command line --connections=shared).",
    );
  }
}

function openFilesLimit(): number | undefined {
  const found = /^Max open files\s+(\d+)/m.exec(read('/proc/self/limits'));
  return found === null ? undefined : Number(found[1]);
}

function localPorts(): number | undefined {
  const found = /^(\d+)\s+(\d+)/.exec(read('/proc/sys/net/ipv4/ip_local_port_range'));
  return found === null ? undefined : Number(found[2]) - Number(found[1]) + 1;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function roundUp(value: number): number {
  return Math.ceil(value / 1024) * 1024;
}
