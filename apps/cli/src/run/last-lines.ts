import { writeFileSync } from 'node:fs';
import type { Console } from '../output/console.ts';

/** Names the file that the plugin of Nx gives the command line (`tools/nx-plugin`). */
export const LAST_LINES_VARIABLE = 'JARVIS_LOAD_LAST_LINES';

/** Nx prints its own words below ours; its plugin then prints these once more. They are part of the output already. */
export function keepLastLines(text: string, environment: Console['environment']): void {
  const path = environment[LAST_LINES_VARIABLE];
  if (path === undefined) return;
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch {
    // The plugin then prints nothing.
  }
}
