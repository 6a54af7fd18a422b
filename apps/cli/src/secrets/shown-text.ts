import type { Redactor } from '@jarvis-load/engine';
import { cleanBlock } from '../output/clean-text.ts';

/**
 * Untrusted text as it may be printed, over several lines: without secrets, and safe for a terminal. Secrets are looked for before
 * and after the cleaning: one may have a character that is removed, and one may be split by such.
 */
export function shownText(text: string, redactor: Redactor): string {
  return redactor.text(cleanBlock(redactor.text(text)));
}
