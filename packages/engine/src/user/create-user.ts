import { CookieUser } from './cookie-user.ts';
import { NativeUser } from './native-user.ts';
import type { UserHost } from './user-host.ts';

/** Creates a user, with a cookie jar if the run enables cookies. */
export function createUser(host: UserHost, id: number): NativeUser {
  return host.cookies === true ? new CookieUser(host, id) : new NativeUser(host, id);
}
