import { split } from 'shlex';
import { ImportError } from './import-error.ts';

/** Words behind which another command begins. */
const END_OF_COMMAND = /^(\||\|\||&&|&|;|\d?>{1,2}|\d?>&\d|<)$/;
/** The continuation of lines in the Windows command line. */
const WINDOWS = /\^\s*\r?\n|\^"/;

/**
 * The words of each curl command in a text; quotes, `$'..'` and continued lines as a shell reads them, without running
 * or expanding anything.
 *
 * @throws ImportError
 */
export function splitCurl(text: string): readonly (readonly string[])[] {
  if (WINDOWS.test(text))
    throw new ImportError(
      'curl: the line is written for the Windows command line (^)',
      'a line for a POSIX shell',
      'in the browser: Copy as cURL (bash)',
    );
  let words: readonly string[];
  try {
    // A semicolon at the end of a line is an end of the command, not a part of its last word.
    words = split(text.replaceAll('\r\n', '\n').replaceAll(/;[ \t]*(\n|$)/g, ' ;$1'));
  } catch (cause) {
    throw new ImportError(
      'curl: a quote is not closed',
      'the whole command, as it was copied',
      undefined,
      cause,
    );
  }
  const commands: string[][] = [];
  let current: string[] | undefined;
  for (const word of words) {
    if (current === undefined ? /(^|\/)curl(\.exe)?$/.test(word) : word === 'curl' && isOver(current)) {
      current = [];
      commands.push(current);
    } else if (END_OF_COMMAND.test(word)) current = undefined;
    else current?.push(word);
  }
  if (commands.length === 0)
    throw new ImportError(
      'curl: the text has no curl command',
      "such as curl 'http://localhost:3000/products'",
    );
  return commands;
}

/** Whether a command can end here: `curl` may also be the value of an option. */
function isOver(words: readonly string[]): boolean {
  return words.some((word) => !word.startsWith('-')) && words.at(-1)?.startsWith('-') !== true;
}
