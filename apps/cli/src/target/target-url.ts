import { shownAddress } from '@jarvis-load/engine';

/** A problem with the URL of a target. */
export interface UrlProblem {
  readonly problem: string;
  readonly expected: string;
  readonly next?: string;
}

/** Why a text is not a valid URL of a target; `undefined` when it is. Credentials are not repeated. */
export function urlProblem(text: string): UrlProblem | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return {
      problem: `"${shownAddress(text)}" is no URL`,
      expected: 'such as http://localhost:8100',
    };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { problem: `${url.protocol}// is not served`, expected: 'an http:// or https:// URL' };
  if (url.username !== '' || url.password !== '')
    return {
      problem: `the URL of ${url.host} holds credentials`,
      expected: 'a URL without user and password',
      next: 'set JARVIS_USERNAME and JARVIS_PASSWORD instead',
    };
  if (url.search !== '' || url.hash !== '')
    return {
      problem: 'the URL has a query or a fragment',
      expected: 'an origin with an optional path prefix',
    };
  return undefined;
}
