import type { CookieSource } from './build-wire.ts';
import { CookieJar } from './cookie-jar.ts';
import { NativeUser } from './native-user.ts';
import type { BaseAddress } from './redirects.ts';
import type { NativeResponse } from './response.ts';
import type { UserHost } from './user-host.ts';

/**
 * A user that keeps cookies, as a browser does: cookies that a response sets are sent with later requests to the same
 * origin. A separate class, so that users without cookies pay nothing for them.
 */
export class CookieUser extends NativeUser {
  readonly #jars = new Map<string, CookieJar>();
  readonly #nowMs: () => number;
  protected override readonly cookies: CookieSource;

  constructor(host: UserHost, id: number) {
    super(host, id);
    this.#nowMs = () => host.clock.wallNow();
    // A `cookie` header of the run is sent together with the cookies of the jar.
    const runCookie = host.headers.value('cookie');
    this.cookies = {
      header: (address, path) => {
        const kept = this.#jar(address).header(path);
        return kept === undefined || runCookie === undefined || address.origin !== host.origin
          ? kept
          : `${runCookie}; ${kept}`;
      },
    };
  }

  override received(response: NativeResponse, path: string, address: BaseAddress): void {
    for (const cookie of response.setCookies()) this.#jar(address).take(cookie, path);
  }

  #jar({ origin }: BaseAddress): CookieJar {
    let jar = this.#jars.get(origin);
    if (jar === undefined) this.#jars.set(origin, (jar = new CookieJar(origin, this.#nowMs)));
    return jar;
  }
}
