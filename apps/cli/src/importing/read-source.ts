import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text as textOfStream } from 'node:stream/consumers';
import { shownAddress } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';

/** For a document from an address, its body included. */
const FETCH_LIMIT_MS = 20_000;
/** As the answer announces it; an answer that does not is not limited. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A source of an import, as it was read. */
export interface ReadSource {
  readonly text: string;
  /** As it is named in messages. */
  readonly name: string;
  /** Absolute path; undefined for what came from an address. */
  readonly path: string | undefined;
  /** What answered with it, after redirects; undefined for a file. */
  readonly url?: URL;
}

/** Reads a file. @throws CliError exit 2 */
export function readSourceFile(given: string, flag: string, cwd: string): ReadSource {
  const path = resolve(cwd, given);
  try {
    return { text: readFileSync(path, 'utf8'), name: given, path };
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw usageError(
      'import-file',
      `${flag}: ${given} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}`,
      'a file',
    );
  }
}

/**
 * Reads a file, or fetches a document from an address by GET; redirects are followed.
 * @param signal ends the fetch, the body included
 * @throws CliError exit 2
 */
export async function readFileOrUrl(
  given: string,
  flag: string,
  cwd: string,
  signal = AbortSignal.timeout(FETCH_LIMIT_MS),
): Promise<ReadSource> {
  if (!/^https?:\/\//i.test(given)) return readSourceFile(given, flag, cwd);
  // The address may have credentials and a token.
  const name = shownAddress(given);
  const failed = (why: string) =>
    usageError(
      'import-url',
      `${flag}: ${name} cannot be fetched: ${why}`,
      'an address that answers with the document',
    );
  // `fetch` refuses both, with a message that has the whole address.
  if (!URL.canParse(given)) throw failed('it is no URL');
  const { username, password } = new URL(given);
  if (username !== '' || password !== '') throw failed('it holds a login, which is not sent');
  const unread = (cause: unknown): Error => {
    const { message, cause: reason } = cause as Error;
    return failed(reason instanceof Error && reason.message !== '' ? reason.message : message);
  };
  const answer = await fetch(given, { signal }).catch((cause: unknown) => {
    throw unread(cause);
  });
  if (!answer.ok) throw failed(`it answers with ${answer.status}`);
  if (Number(answer.headers.get('content-length') ?? 0) > MOST_BYTES) throw failed('it is too long');
  const text = await answer.text().catch((cause: unknown) => {
    throw unread(cause);
  });
  return { text, name, path: undefined, url: new URL(answer.url) };
}

/** All of standard input. */
export function readStandardInput(): Promise<string> {
  return textOfStream(process.stdin);
}
