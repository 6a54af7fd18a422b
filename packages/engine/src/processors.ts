import { cpus, type CpuInfo } from 'node:os';

/** The machine's processors; none where the system cannot be asked, as without a free descriptor. */
export function processors(): CpuInfo[] {
  try {
    return cpus();
  } catch {
    return [];
  }
}
