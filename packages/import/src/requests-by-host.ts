import type { LeftOutList } from './left-out-list.ts';

/** Which origins are kept. */
export interface HostChoice {
  /** Hosts beside the main one that are kept, with their port: `api.example.org`, `localhost:3001`. */
  readonly hosts?: readonly string[];
}

/**
 * Keeps requests to the main origin and to the chosen hosts; lists the rest as left out.
 *
 * @param main an origin, such as that of the first request
 * @param show the request as it is listed
 */
export function keepHosts<Each extends { readonly origin: string }>(
  requests: readonly Each[],
  main: string,
  { hosts = [] }: HostChoice,
  leftOut: LeftOutList,
  show: (each: Each) => string,
): readonly Each[] {
  return requests.filter((each) => {
    if (each.origin === main || hosts.includes(hostOf(each.origin))) return true;
    leftOut.add(`request to another host, kept with --host=${hostOf(each.origin)}`, show(each));
    return false;
  });
}

/** Host and port of an origin. */
function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}
