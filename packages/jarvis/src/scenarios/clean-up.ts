import type { VirtualUser } from '@jarvis-load/engine';
import { createAsk, type Kit } from './kit.ts';
import { JarvisError } from '../error.ts';
import type { LoginShared, Session } from './session.ts';

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
    let left = MOST_DELETIONS;
    const tried = new Set<string>();
    /** One list, and the deletion of what is ours in it; true when another look is worth it. */
    const deleteListed = async (session: Session): Promise<boolean> => {
      const { result } = await ask(user, session, 'chat.conversations', undefined);
      const ours = result.ok
        ? result.value.filter(({ id, title }) => title.includes(kit.runId) && !tried.has(id))
        : [];
      for (const { id } of ours.slice(0, left)) {
        tried.add(id);
        const { response } = await ask(user, session, 'chat.delete', { id });
        left--;
        // A target that is full or gone is left alone.
        if (response.status === 0 || response.status === 429) left = 0;
        if (left === 0 || kit.now() >= untilMs) return false;
      }
      return ours.length > 0;
    };
    for (const open of kit.sessions.cleaners(user, shared)) {
      if (left === 0 || kit.now() >= untilMs) return;
      const session = await openOrNothing(open);
      while (session !== undefined && (await deleteListed(session)));
    }
  };
}

/** Whoever is not let in any more cannot tidy up, which is no failure of the run. */
async function openOrNothing(open: () => Promise<Session>): Promise<Session | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof JarvisError) return undefined;
    throw error;
  }
}
