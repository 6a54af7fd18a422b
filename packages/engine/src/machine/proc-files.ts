import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** A file of `/proc` or a control group, open: each reading is its content at that moment. Who opened it closes it, once. */
export interface ProcFile {
  /** `undefined` when it cannot be read any more, such as that of a thread that has ended. */
  read(): string | undefined;
  close(): void;
}

/** Access to `/proc` and `/sys`: a parameter, so that tests read recorded texts of several kernels. */
export interface ProcFiles {
  /** `undefined` where there is no such file, as on systems other than Linux. */
  open(path: string): ProcFile | undefined;
  /** All of a file, as it is now; `undefined` where there is none. */
  text(path: string): string | undefined;
  /** Names in a folder; none where there is no such folder. */
  list(path: string): readonly string[];
}

/** Longer than any of the files that are opened, but for `/proc/stat` on large machines, whose first line is enough. */
const BUFFER_BYTES = 16 * 1024;

/** The files of this machine. An open file is read again by one system call, in a few microseconds. */
export function systemProcFiles(): ProcFiles {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  return {
    open(path) {
      let descriptor: number;
      try {
        descriptor = openSync(path, 'r');
      } catch {
        return undefined;
      }
      return {
        read() {
          try {
            return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, BUFFER_BYTES, 0));
          } catch {
            return undefined;
          }
        },
        close: () => closeSync(descriptor),
      };
    },
    text(path) {
      try {
        // To its end: one reading of `mountinfo` returns a page (4 KiB) at most.
        return readFileSync(path, 'latin1');
      } catch {
        return undefined;
      }
    },
    list(path) {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
  };
}
