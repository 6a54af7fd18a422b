import { split } from 'shlex';
import { ImportError } from './import-error.ts';

/** Words behind which another command begins. */
const END_OF_COMMAND = /^(\||\|\||&&|&|;|\d?>{1,2}|\d?>&\d|<)$/;
/** Input for a command: `<<'END'`, then lines up to one that is `END`. */
const HERE_DOCUMENT = /[ \t]<<-?[ \t]*(["']?)([A-Za-z_]\w*)\1([^\n]*)\n([\s\S]*?)\n?^[ \t]*\2[ \t]*$/gm;
/** The word that hands the input on, or the end of an option with it. */
const STANDARD_INPUT = /^(-d|--[a-z-]+=)?@-$/;
/**
 * A quoted part, an escaped character, a comment, or a semicolon that ends a command: one in the middle of a word may belong to a
 * URL, and so may a `#`.
 */
const QUOTED_OR_END = /\$'(?:[^'\\]|\\.)*'|'[^']*'|"(?:[^"\\]|\\.)*"|\\[\s\S]|(?<=^|\s)#[^\n]*|;(?=\s|$)/g;
/** The continuation of lines in the Windows command line. */
const WINDOWS = /\^\s*\r?\n|\^"/;
/** The command in PowerShell, where `curl` may be another one. */
const POWERSHELL = /(^|\s)curl\.exe\s/;

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
  const inputs: string[] = [];
  const isPowerShell = POWERSHELL.test(text);
  try {
    const command = text
      .replaceAll('\r\n', '\n')
      .replaceAll(HERE_DOCUMENT, (_all, _quote, _end, rest: string, input: string) => {
        inputs.push(input);
        return ` ${rest}\n`;
      })
      .replaceAll(/`[ \t]*\n/g, (end) => (isPowerShell ? ' ' : end))
      .replaceAll(QUOTED_OR_END, (part) => (part === ';' ? ' ;' : part.startsWith('#') ? '' : part));
    words = split(command);
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
    else if (STANDARD_INPUT.test(word) && inputs.length > 0)
      current?.push(word.replace('@-', () => inputs.shift()!));
    // Windows PowerShell hands quotes on only behind a backslash.
    else current?.push(isPowerShell ? word.replaceAll('\\"', '"') : word);
  }
  if (commands.length === 0)
    throw new ImportError(
      'curl: the text has no curl command',
      "such as curl 'http://localhost:3000/products'",
      /Invoke-(WebRequest|RestMethod)|\bfetch\(/i.test(text)
        ? 'in the browser: Copy as cURL (bash)'
        : undefined,
    );
  return commands;
}

/** Whether a command can end here: `curl` may also be the value of an option. */
function isOver(words: readonly string[]): boolean {
  return words.some((word) => !word.startsWith('-')) && words.at(-1)?.startsWith('-') !== true;
}
