import type { Runtime } from '../server/runtime.ts';

/** Whether Jarvis of 2026 accepts a token: a signed one that is valid, or the literal development key. */
export function isJarvisToken(runtime: Runtime, token: string | undefined): boolean {
  if (token === undefined) return false;
  const { devKey } = runtime.config.jarvis;
  return (devKey !== null && token === devKey) || typeof runtime.tokens.verify(token) !== 'string';
}
