import type { Caller } from '../limits/rate-limits.ts';
import type { Runtime } from '../server/runtime.ts';

/** Whether Jarvis of 2026 accepts a token: a signed one that is valid, or the literal development key. */
export function isJarvisToken(runtime: Runtime, token: string | undefined): boolean {
  if (token === undefined) return false;
  const { devKey } = runtime.config.jarvis;
  return (devKey !== null && token === devKey) || typeof runtime.tokens.verify(token) !== 'string';
}

/** Who a request counts as under a rate limit: a signed token has a user, any other only itself. */
export function callerOf(runtime: Runtime, ip: string, token: string | undefined): Caller {
  const claims = token === undefined ? undefined : runtime.tokens.verify(token);
  return { ip, token, user: typeof claims === 'object' ? claims.username : undefined };
}
