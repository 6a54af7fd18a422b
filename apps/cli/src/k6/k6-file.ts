import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { isK6CsvHeader, type K6File } from '@jarvis-load/reporter/ingest';

const PEEK_BYTES = 16 * 1024;

/**
 * The beginning of a file as text, at most 16 KiB of the file, decompressed if needed; empty where it cannot be read or decompressed.
 * @throws the error of the file system if it cannot be opened
 */
export function beginningOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(PEEK_BYTES);
    const start = bytes.subarray(0, readSync(file, bytes, 0, PEEK_BYTES, 0));
    if (!path.endsWith('.gz')) return start.toString('utf8');
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
  } catch {
    return '';
  } finally {
    closeSync(file);
  }
}

/** Whether a file begins with lines of k6's `--out json`, of which the first may be truncated, or of `--out csv`. */
export function looksLikeK6(path: string): boolean {
  const lines = beginningOf(path).split('\n', 20);
  return (
    isK6CsvHeader(lines[0] ?? '') || lines.some((line) => /^\{.*"type"\s*:\s*"(Metric|Point)"/.test(line))
  );
}

/** A file for `readK6`, decompressed if needed. */
export function openK6File(path: string): K6File {
  const stream = createReadStream(path);
  const chunks = path.endsWith('.gz')
    ? stream.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }))
    : stream;
  return { fileName: basename(path), chunks };
}
