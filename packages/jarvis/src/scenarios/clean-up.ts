import type { VirtualUser } from '@jarvis-load/engine';
import { createAsk, type Kit } from './kit.ts';
import { JarvisError } from '../error.ts';
import type { Session } from './session.ts';
import type { LoginShared } from './log-in.ts';

/** Bound, so that cleaning up does not become a load of its own. */
const MOST_DELETIONS = 500;
const LONGEST_MS = 10_000;

/**
 * Deletes the conversations whose title contains `[<run id>]`, one at a time, until the bounds are reached or a list or deletion
 * gets 429 or no answer. Never fails a run: remaining conversations can be recognised by their title.
 *
 * Must hold:
 * - The scenario declares its operations by `declareOperations`, which adds the two that are requested here.
 * - Titles hold the run id in brackets: a run id such as `1` is part of many others.
 * - No title of other conversations contains it in brackets: all that do are deleted.
 */
export function createCleanUp(kit: Kit): (user: VirtualUser, shared: LoginShared) => Promise<void> {
  const ask = createAsk(kit.dialect);
  const mark = `[${kit.runId}]`;
  return async (user, shared) => {
    if (!kit.cleanUp) return;
    const untilMs = kit.now() + LONGEST_MS;
    let left = MOST_DELETIONS;
    const tried = new Set<string>();
    /** Lists conversations and deletes those of the run; true when another list may contain more of them. */
    const deleteListed = async (session: Session): Promise<boolean> => {
      const { result, response: list } = await ask(user, session, 'chat.conversations', undefined);
      if (isRefused(list)) left = 0;
      const ours = result.ok
        ? result.value.filter(({ id, title }) => title.includes(mark) && !tried.has(id))
        : [];
      for (const { id } of ours.slice(0, left)) {
        tried.add(id);
        const { response } = await ask(user, session, 'chat.delete', { id });
        left--;
        if (isRefused(response)) left = 0;
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

/** The target limits the rate, or cannot be reached: nothing more is asked of it. */
function isRefused({ status }: { readonly status: number }): boolean {
  return status === 0 || status === 429;
}

/** A failed login ends the clean-up of this account without failing the run. */
async function openOrNothing(open: () => Promise<Session>): Promise<Session | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof JarvisError) return undefined;
    throw error;
  }
}
