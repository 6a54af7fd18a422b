/**
 * Reads `--accounts`. No error contains a line of the file, because lines contain passwords. The caller adds the passwords to
 * the redactor (`secretsOf`).
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Type } from '@jarvis-load/engine/typebox';
import { Value } from '@jarvis-load/engine/typebox/value';
import { CliError, usageError } from '../cli-error.ts';
import type { FlagText, SourceName } from '../options/flag.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { parseHandwritten } from '../parse-handwritten.ts';

/** Credentials of one account. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

const AccountsSchema = Type.Array(
  Type.Object({ username: Type.String({ minLength: 1 }), password: Type.String({ minLength: 1 }) }),
  { minItems: 1 },
);
const EXPECTED =
  'CSV whose first line names username and password, or a JSON array of {"username", "password"}';

/** Parses CSV text (RFC 4180: quotes, doubled quotes, line breaks inside quotes). */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') field += text[(i += 1)];
      else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\n') {
      rows.push([...row, field]);
      row = [];
      field = '';
    } else if (char !== '\r') field += char;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows.filter((one) => one.some((cell) => cell !== ''));
}

function fromCsv(text: string): unknown {
  const [header = [], ...rows] = parseCsv(text);
  const names = header.map((name) => name.trim().toLowerCase());
  const username = names.indexOf('username');
  const password = names.indexOf('password');
  if (username < 0 || password < 0) return undefined;
  return rows.map((row) => ({ username: row[username] ?? '', password: row[password] ?? '' }));
}

/** The accounts of a file, at least one. @throws CliError exit 2 */
export function readAccounts(
  path: string,
  cwd: string,
  source: SourceName = '--accounts' satisfies FlagText<TargetSettings>,
): readonly Account[] {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new CliError({
      exit: 'usage',
      code: 'accounts-unreadable',
      problem: `${source}: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
      expected: EXPECTED,
      cause,
    });
  }
  let accounts: unknown;
  if (/^\s*\[/.test(text)) {
    const { value, problem } = parseHandwritten(text);
    if (problem !== undefined)
      throw usageError('accounts', `${source}: ${path} is not valid JSON: ${problem}`, EXPECTED);
    accounts = value;
  } else accounts = fromCsv(text);
  if (!Value.Check(AccountsSchema, accounts)) {
    const first = accounts === undefined ? undefined : [...Value.Errors(AccountsSchema, accounts)][0];
    const where = first === undefined ? '' : ` (${first.instancePath || 'the list'} ${first.message})`;
    throw usageError('accounts', `${source}: ${path} is no list of accounts${where}`, EXPECTED);
  }
  return accounts;
}
