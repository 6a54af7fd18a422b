import { createReadStream, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../errors.ts';
import type { BodyFile } from '../model/flight.ts';
import { contentTypeOf } from './content-types.ts';
import { shownAddress } from '../secrets/shown-address.ts';
import { reasonOf, show } from '../show.ts';

/**
 * A file of the disk as a body or a part of a multipart body. Its length is read once, here; its content is read from
 * the disk while a request is sent: a file that changes its length fails requests. `k6-scenarios/src/file/file.ts` is its
 * counterpart in k6.
 * @param path from the working directory, or a URL: `new URL('./a.wav', import.meta.url)`
 * @throws EngineError `invalid-option` if there is no such file, or `path` names none; one that may not be read fails requests
 */
export function file(
  path: string | URL,
  options: { readonly name?: string; readonly type?: string } = {},
): BodyFile {
  const absolute = pathOfFile(path);
  const name = options.name ?? basename(absolute);
  return {
    size: sizeOf(absolute),
    name,
    type: options.type ?? contentTypeOf(absolute),
    stream: () => createReadStream(absolute) as AsyncIterable<Buffer>,
  };
}

/** What a path of a file is, for errors. */
export const PATH_EXPECTED =
  "expected a path from the working directory, or new URL('./name', import.meta.url) for a file beside the code";

/** Whether reading a file failed because there is none. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** The absolute path of a file that a scenario names. @throws EngineError `invalid-option` for what names none on this machine */
export function pathOfFile(path: string | URL): string {
  const given: unknown = path;
  if (typeof given !== 'string' && !(given instanceof URL)) {
    throw new EngineError('invalid-option', `a file is named by ${show(given)}; ${PATH_EXPECTED}.`);
  }
  if (typeof given === 'string' && !given.startsWith('file:')) return resolve(given);
  try {
    return fileURLToPath(given);
  } catch (cause) {
    // Neither login nor query of an address, nor the error, which may have them.
    const shown = show(shownAddress(String(given)));
    throw new EngineError(
      'invalid-option',
      `file ${shown} cannot be read: ${reasonOf(cause)}; ${PATH_EXPECTED}.`,
    );
  }
}

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat.size;
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new EngineError('invalid-option', `file ${path} cannot be read: ${reason}; ${PATH_EXPECTED}.`, {
      cause,
    });
  }
  throw new EngineError('invalid-option', `file ${path} is not a file.`);
}
