import { CookieUser } from './cookie-user.ts';
import { NativeUser } from './native-user.ts';
import type { UserHost } from './user-host.ts';

/** A user of a run, with a cookie jar where the run wants one. */
export function createUser(host: UserHost, id: number): NativeUser {
  return host.cookies === true ? new CookieUser(host, id) : new NativeUser(host, id);
}
