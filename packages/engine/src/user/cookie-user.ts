import type { CookieSource } from './build-wire.ts';
import { CookieJar } from './cookie-jar.ts';
import { NativeUser } from './native-user.ts';
import type { BaseAddress } from './redirects.ts';
import type { NativeResponse } from './response.ts';
import type { UserHost } from './user-host.ts';

/**
 * A user that keeps cookies, as a browser does: cookies that a response sets are sent with later requests to the hosts
 * that they are for. A separate class, so that users without cookies pay nothing for them.
 */
export class CookieUser extends NativeUser {
  readonly #jar: CookieJar;
  protected override readonly cookies: CookieSource;

  constructor(host: UserHost, id: number) {
    super(host, id);
    this.#jar = new CookieJar(() => host.clock.wallNow());
    // A `cookie` header of the run is sent together with the cookies of the jar.
    const runCookie = host.headers.value('cookie');
    this.cookies = {
      header: ({ origin }, path) => {
        const kept = this.#jar.header(origin, path);
        return kept === undefined || runCookie === undefined || origin !== host.origin
          ? kept
          : `${runCookie}; ${kept}`;
      },
    };
  }

  override received(response: NativeResponse, path: string, { origin }: BaseAddress): void {
    for (const cookie of response.setCookies()) this.#jar.take(cookie, origin, path);
  }
}
