/**
 * Longest time that one turn of the event loop spends starting iterations or users. More at once would block it: responses,
 * signals and the end of the run would not be processed.
 */
export const TURN_MS = 10;
