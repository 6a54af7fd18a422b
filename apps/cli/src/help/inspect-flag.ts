import { fileURLToPath } from 'node:url';
import { quoteForShell } from '../secrets/command-line.ts';
import { looksLikeTestFile } from '../test-file/find-file.ts';

/** Resolves to the same path from `src/help` and from `dist/help`. */
const PROGRAM = fileURLToPath(new URL('../../bin/jarvis-load.js', import.meta.url));

/**
 * The command that starts this program with a flag of Node's debugger, which is one of Node and stands before the program;
 * undefined for another flag. Of the command line it has command and test file alone: other words may be secret.
 */
export function inspectCommand(
  flag: string,
  argv: readonly string[],
  commands: readonly string[],
): string | undefined {
  if (!/^--inspect(-brk|-wait)?(=|$)/.test(flag)) return undefined;
  const file = argv.find((word) => !word.startsWith('-') && looksLikeTestFile(word));
  const command = argv.find((word) => commands.includes(word)) ?? 'load';
  const words = ['node', flag, PROGRAM, command, ...(file === undefined ? [] : [file])];
  return `${words.map(quoteForShell).join(' ')}${command === 'load' ? ' --once' : ''}`;
}
