import { environmentOf } from './credentials.ts';
import { OutputError } from './output-error.ts';
import { OUTPUT_EXAMPLES, type SendingKind } from './output-spec.ts';

/** Parameters in which receivers take credentials. */
const CREDENTIAL = /^(u|p|user(name)?)$|pass|pwd|secret|token|auth|credential|key/i;

/**
 * The URL of a receiver, without fragment. Credentials in it are refused, because command lines and config files are seen by
 * others.
 * @throws OutputError
 */
export function parseReceiverUrl(kind: SendingKind, text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new OutputError(`${kind}: the place is no URL`, OUTPUT_EXAMPLES[kind]);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new OutputError(`${kind}: "${url.protocol}" is no protocol for it`, OUTPUT_EXAMPLES[kind]);
  const { username, password, token } = environmentOf(kind);
  if (url.username !== '' || url.password !== '')
    throw new OutputError(
      `${kind}: the URL holds credentials`,
      `them in ${username} and ${password} (environment)`,
    );
  for (const name of url.searchParams.keys())
    if (CREDENTIAL.test(name))
      throw new OutputError(
        `${kind}: the parameter "${name}" of the URL is for credentials`,
        `them in ${token}, or ${username} and ${password} (environment)`,
      );
  url.hash = '';
  return url;
}
