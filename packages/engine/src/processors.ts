import { cpus, type CpuInfo } from 'node:os';

/** The machine's processors; empty when the system call fails, such as when no file descriptor is free. */
export function processors(): CpuInfo[] {
  try {
    return cpus();
  } catch {
    return [];
  }
}
