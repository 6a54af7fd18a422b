import type { LoadResponse, RequestSpec } from '../scenario.ts';
import { CookieJar } from './cookie-jar.ts';
import { NativeUser } from './native-user.ts';
import type { NativeResponse } from './response.ts';
import type { UserHost } from './user-host.ts';

/**
 * A user that keeps cookies, as a browser does: what an answer sets goes with its next requests. A class of its own, so
 * that users without cookies do nothing for them.
 */
export class CookieUser extends NativeUser {
  readonly #jar: CookieJar;
  readonly #pathPrefix: string;
  /** A cookie among the headers of the run goes with those of the jar. */
  readonly #runCookie: string | undefined;

  constructor(host: UserHost, id: number) {
    super(host, id);
    this.#jar = new CookieJar(host.origin, () => host.clock.wallNow());
    this.#pathPrefix = host.pathPrefix;
    this.#runCookie = host.headers.value('cookie');
  }

  override request(spec: RequestSpec): Promise<LoadResponse> {
    return super.request(this.#withCookies(spec, this.#pathPrefix + spec.path));
  }

  override answered(response: NativeResponse, path: string): void {
    for (const cookie of response.setCookies()) this.#jar.take(cookie, path);
  }

  /** A request that brings its own `cookie` is sent as it is. */
  #withCookies(spec: RequestSpec, path: string): RequestSpec {
    const kept = this.#jar.header(path);
    if (kept === undefined || Object.keys(spec.headers ?? {}).some(isCookie)) return spec;
    const cookie = this.#runCookie === undefined ? kept : `${this.#runCookie}; ${kept}`;
    return { ...spec, headers: { ...spec.headers, cookie } };
  }
}

function isCookie(name: string): boolean {
  return name.toLowerCase() === 'cookie';
}
