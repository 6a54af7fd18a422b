import type { ImportedRequest, Pair } from './model.ts';

/** A request and the `Set-Cookie` headers of its answer. */
export interface Exchanged {
  readonly request: ImportedRequest;
  readonly setCookies: readonly string[];
}

/**
 * Removes cookies that an earlier answer of the recording set: with `--cookies` each user gets and sends its own. Others
 * stay, as a secret of the environment.
 * @param exchanged in the order of the recording, names of headers in lower case
 */
export function dropJarCookies(exchanged: readonly Exchanged[]): {
  readonly requests: readonly ImportedRequest[];
  readonly notes: readonly string[];
} {
  const set = new Set<string>();
  let dropped = false;
  const requests = exchanged.map(({ request, setCookies }) => {
    const headers = request.headers.flatMap(([name, value]): Pair[] => {
      if (name !== 'cookie' || typeof value !== 'string') return [[name, value]];
      const all = value.split(';').map((each) => each.trim());
      const kept = all.filter((each) => !set.has(nameOf(each)));
      dropped ||= kept.length < all.length;
      return kept.length === 0 ? [] : [[name, kept.join('; ')]];
    });
    for (const each of setCookies) set.add(nameOf(each));
    return { ...request, headers };
  });
  return {
    requests,
    notes: dropped
      ? [
          'Cookies that the recorded answers set are left out: run it with --cookies, so that each user has its own.',
        ]
      : [],
  };
}

function nameOf(cookie: string): string {
  return (cookie.split('=', 1)[0] ?? '').trim();
}
