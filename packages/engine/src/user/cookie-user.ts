import type { LoadResponse, RequestSpec } from '../model/scenario.ts';
import { CookieJar } from './cookie-jar.ts';
import { NativeUser } from './native-user.ts';
import type { NativeResponse } from './response.ts';
import type { UserHost } from './user-host.ts';

/**
 * A user that keeps cookies, as a browser does: cookies that a response sets are sent with later requests. A separate
 * class, so that users without cookies pay nothing for them.
 */
export class CookieUser extends NativeUser {
  readonly #jar: CookieJar;
  readonly #pathPrefix: string;
  /** A `cookie` header of the run, sent together with the cookies of the jar. */
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

  /** A request with its own `cookie` header is sent unchanged. */
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
