import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 500;
const CHUNK_BYTES = 256 * 1024;

/**
 * The content of a file that another process is writing: existing content, then new content, until `ended` settles and
 * the end of the file is reached. Reading during the run means that a long output is read soon after its writer ends.
 */
export async function* followFile(path: string, ended: Promise<unknown>): AsyncGenerator<Uint8Array> {
  let over = false;
  const end = ended.then(
    () => (over = true),
    () => (over = true),
  );
  const wait = (): Promise<unknown> => Promise.race([end, sleep(LOOK_EVERY_MS, undefined, { ref: false })]);
  let file = await open(path, 'r').catch(() => undefined);
  while (file === undefined && !over) {
    await wait();
    file = await open(path, 'r').catch(() => undefined);
  }
  if (file === undefined) return;
  try {
    for (;;) {
      // Take this value before the read: with the opposite order, data written just before the end would be missed.
      const last = over;
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (last) return;
      else await wait();
    }
  } finally {
    await file.close();
  }
}
