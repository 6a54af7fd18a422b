import { arch, platform, release, totalmem } from 'node:os';
import type { RunResult } from '../document/schema.ts';
import { processors } from '../processors.ts';

/** This machine. */
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
