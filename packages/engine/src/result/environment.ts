import { arch, platform, release, totalmem } from 'node:os';
import type { RunResult } from '../document/schema.ts';
import { processors } from '../processors.ts';

/**
 * The machine of this process: for a run that it has made itself. Who makes a document of another's run gives `buildResult` the
 * `environment` that was written with it, or null.
 */
export function environment(): NonNullable<RunResult['environment']> {
  const all = processors();
  return {
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: all[0]?.model ?? 'unknown',
    cpus: all.length,
    memoryBytes: totalmem(),
  };
}
