import type { VirtualUser } from '@jarvis-load/engine';
import { createAsk, type Kit } from './kit.ts';
import type { LoginShared } from './session.ts';

/** The end of a run must not become a load test of deletion. */
const MOST_DELETIONS = 500;
const LONGEST_MS = 10_000;

/**
 * Deletes the conversations whose title holds the run id, one after another, as far as the dialect, the bounds and
 * the target let it. Never fails a run: what cannot be deleted stays, and its title says whose it is.
 */
export function createCleanUp(kit: Kit): (user: VirtualUser, shared: LoginShared) => Promise<void> {
  const ask = createAsk(kit.dialect);
  return async (user, shared) => {
    if (!kit.cleanUp) return;
    const untilMs = kit.now() + LONGEST_MS;
    const session = await kit.sessions.start(user, shared);
    let left = MOST_DELETIONS;
    const tried = new Set<string>();
    while (left > 0 && kit.now() < untilMs) {
      const { result } = await ask(user, session, 'chat.conversations', undefined);
      const ours = result.ok
        ? result.value.filter(({ id, title }) => title.includes(kit.runId) && !tried.has(id))
        : [];
      if (ours.length === 0) return;
      for (const { id } of ours.slice(0, left)) {
        tried.add(id);
        const { response } = await ask(user, session, 'chat.delete', { id });
        left--;
        // A target that is full or gone is left alone.
        if (response.status === 0 || response.status === 429 || kit.now() >= untilMs) return;
      }
    }
  };
}
