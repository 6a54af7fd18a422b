/** Messages of chat users, in French, with accents and apostrophes. */
export const CHAT_MESSAGES = [
  'Bonjour Jarvis, quel temps fera-t-il demain ?',
  'Peux-tu me résumer les nouvelles de ce matin ?',
  "Rappelle-moi d'acheter du café à Besançon.",
  'Combien font douze fois vingt-quatre ?',
  'Raconte-moi une histoire très courte, s’il te plaît.',
] as const;

/** Facts that memory users store. */
export const FACTS = [
  'Mon plat préféré est la ratatouille.',
  'Ma sœur habite près de Grenoble.',
  'Je prends le train de huit heures.',
  'Le chat s’appelle Félix.',
] as const;

/** One of the texts, selected by a random number in [0, 1). */
export function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}
