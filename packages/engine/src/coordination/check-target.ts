import { isIP } from 'node:net';
import { EngineError } from '../errors.ts';
import { resolveChecked } from '../guard/guard.ts';
import { hostOf } from '../guard/permission.ts';
import type { ResolvedRun } from '../definition/resolve-options.ts';

/**
 * Resolves the target's name and checks what it resolves to, before a run or a probe sends anything. Each connection
 * checks its addresses again (`guardedLookup`); those of `bases` are checked only there.
 * @throws EngineError `target-not-allowed`
 */
export async function checkTarget({ options, target, transport }: ResolvedRun): Promise<void> {
  const host = hostOf(new URL(target.origin));
  if (options.transport !== undefined || transport.addresses.length > 0 || isIP(host) !== 0) return;
  try {
    await resolveChecked(host, transport.loopbackOnly, options.resolve);
  } catch (error) {
    // A name that does not resolve is a result, not an error: each connection fails with it.
    if (error instanceof EngineError) throw error;
  }
}
