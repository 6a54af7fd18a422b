import { createSigner, createVerifier } from 'fast-jwt';
import type { Clock } from '../clock.ts';
import type { MockConfig } from '../config/schema.ts';

/** Claims of a token, the same fields in both dialects. */
export interface TokenClaims {
  readonly sub: string;
  readonly user_id: string;
  readonly username: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  readonly permissions: readonly string[];
}

/** A token's claims, or why it is invalid. */
export type TokenVerdict = TokenClaims | 'expired' | 'undecodable';

const CACHED_TOKENS = 20_000;
const LIFETIME_SECONDS = { documented: 3600, core: 86_400 } as const;
/** The core's JWT library accepts tokens up to 60 s after their expiry. */
const LEEWAY_SECONDS = { documented: 0, core: 60 } as const;

function isClaims(value: unknown): value is TokenClaims {
  if (typeof value !== 'object' || value === null) return false;
  const { sub, user_id, username, iat, exp, permissions } = value as Partial<TokenClaims>;
  return (
    typeof sub === 'string' &&
    typeof user_id === 'string' &&
    typeof username === 'string' &&
    Number.isInteger(iat) &&
    Number.isInteger(exp) &&
    Array.isArray(permissions)
  );
}

/**
 * Issues and verifies HS256 tokens. The signature is verified once per token (cached), the expiry on every call with
 * the given clock.
 */
export class Tokens {
  readonly lifetimeSeconds: number;
  readonly #clock: Clock;
  readonly #leewaySeconds: number;
  readonly #sign: (claims: TokenClaims) => string;
  readonly #read: (token: string) => unknown;
  readonly #known = new Map<string, TokenClaims>();

  constructor(config: MockConfig, clock: Clock) {
    const { secret, tokenLifetimeMs } = config.auth;
    this.#clock = clock;
    this.lifetimeSeconds =
      tokenLifetimeMs === null
        ? LIFETIME_SECONDS[config.dialect]
        : Math.max(1, Math.round(tokenLifetimeMs / 1000));
    this.#leewaySeconds = LEEWAY_SECONDS[config.dialect];
    this.#sign = createSigner({ key: secret, algorithm: 'HS256' });
    this.#read = createVerifier({ key: secret, algorithms: ['HS256'], ignoreExpiration: true, cache: false });
  }

  issue(userId: string, username: string): string {
    const iat = Math.floor(this.#clock.nowMs() / 1000);
    const exp = iat + this.lifetimeSeconds;
    return this.#sign({
      sub: userId,
      user_id: userId,
      username,
      iat,
      exp,
      permissions: ['chat', 'tts', 'stt'],
    });
  }

  verify(token: string): TokenVerdict {
    let claims = this.#known.get(token);
    if (claims === undefined) {
      let payload: unknown;
      try {
        payload = this.#read(token);
      } catch {
        return 'undecodable';
      }
      if (!isClaims(payload)) return 'undecodable';
      claims = payload;
      if (this.#known.size >= CACHED_TOKENS) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(token, claims);
    }
    return this.#clock.nowMs() / 1000 >= claims.exp + this.#leewaySeconds ? 'expired' : claims;
  }
}
