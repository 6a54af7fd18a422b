import type { VirtualUser } from '@jarvis-load/engine';
import { marker } from '../data/marker.ts';
import { FACTS, pick } from '../data/texts.ts';
import type { Ask, Kit } from './kit.ts';
import type { Session } from './session.ts';

/** Pause between searches, because the index may lag behind. */
const INDEX_PAUSE_SECONDS = 0.5;

/** Stores a memory with a unique word; returns the word, or `undefined` when storing failed. */
export async function storeMemory(
  kit: Kit,
  ask: Ask,
  user: VirtualUser,
  session: Session,
  conversationId: string,
): Promise<string | undefined> {
  const word = marker(kit.runId, user.id, user.iteration);
  const { response } = await ask(user, session, 'memory.store', {
    conversationId,
    userMessage: `[${kit.runId}] ${pick(FACTS, () => user.random())} ${word}`,
    botResponse: `C'est noté : ${word}`,
  });
  const passed = user.check(response, kit.checks.user.store);
  user.record('errors', passed ? 0 : 1);
  return passed ? word : undefined;
}

/** Searches for a stored memory until it is found, a search fails or the attempts are used up; the last answer is checked. */
export async function findMemory(
  kit: Kit,
  ask: Ask,
  user: VirtualUser,
  session: Session,
  word: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { response, result } = await ask(user, session, 'memory.search', { query: word, limit: 5 });
    const found = result.ok && result.value.texts.some((text) => text.includes(word));
    // Repeat only after a successful search without the memory, which a lagging index explains; a refusal or failure is
    // the result.
    if (!found && result.ok && attempt < kit.settings.memoryAttempts) {
      await user.think(INDEX_PAUSE_SECONDS);
      continue;
    }
    const passed = user.check(response, {
      ...kit.checks.user.search,
      'memory.search: finds what was stored': () => found,
    });
    user.record('errors', passed ? 0 : 1);
    return;
  }
}
