import { REDACTED, type Redactor } from '@jarvis-load/engine';
import { spellings } from '../help/describe-flag.ts';
import type { AnyFlagTable } from '../options/flag.ts';

/** Quotes an argument for a POSIX shell if needed. */
export function quoteForShell(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/**
 * The command in a form that can be repeated, without the values of secret flags.
 *
 * @param argv arguments after the program's name, starting with the command
 */
export function describeCommand(argv: readonly string[], flags: AnyFlagTable, redactor: Redactor): string {
  const secret = new Set(
    Object.entries(flags)
      .filter(([, flag]) => flag.secret === true)
      .flatMap(([key, flag]) => spellings(key, flag)),
  );
  const shown: string[] = [];
  let hideNext = false;
  for (const [place, argument] of argv.entries()) {
    const name = argument.split('=', 1)[0] ?? '';
    // Never redact the command's name, even if a secret has the same value.
    if (place === 0) shown.push(quoteForShell(argument));
    else if (hideNext) shown.push(REDACTED);
    else if (secret.has(name) && argument.includes('=')) shown.push(`${name}=${REDACTED}`);
    else shown.push(quoteForShell(redactor.text(argument)));
    hideNext = !hideNext && secret.has(argument);
  }
  return ['npx jarvis-load', ...shown].join(' ');
}
