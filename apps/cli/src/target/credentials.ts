import type { Credentials, Identity, Suite } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { token as bearerToken } from '../options/flag-kinds.ts';
import { isTyped } from '../options/resolve-settings.ts';
import type { LoadSettings, TargetSettings } from '../options/load-settings.ts';
import { readAccounts } from '../secrets/read-accounts.ts';

/**
 * The credentials for the target: the first of token, variable of a suite without accounts, accounts, password, test account; undefined for a suite
 * that needs none, when none are given. The caller adds their secrets (`secretsOf`) to the redactor before the first request.
 * @param environment has the variable that the suite takes its token from
 * @param loopback allows the test account of the suite as default, which is never sent to another machine
 * @throws CliError exit 2
 */
export function credentialsFrom(
  settings: TargetSettings,
  { login, tokenVariable }: Pick<Suite, 'login' | 'tokenVariable'>,
  cwd: string,
  loopback: boolean,
  environment: Readonly<Record<string, string | undefined>> = {},
): Credentials | undefined {
  const { token, accounts, password } = settings;
  const test = login?.testAccount;
  const username = settings.username ?? test?.username;
  if (token !== undefined) return { token };
  const key = tokenVariable === undefined ? '' : (environment[tokenVariable]?.trim() ?? '');
  // Variables of another suite, which has accounts, exclude no key of this one.
  const isTold = (['username', 'password', 'accounts'] as const).some(
    (name) => settings[name] !== undefined && isTyped(settings, name),
  );
  if (login === undefined && key !== '' && !isTold)
    return { token: bearerToken('<secret>').fromText([key], `${tokenVariable} (environment)`) };
  if (accounts !== undefined) return { accounts: readAccounts(accounts, cwd) };
  if (password !== undefined && username !== undefined) return { accounts: [{ username, password }] };
  if (loopback && test !== undefined && username === test.username) return { accounts: [test] };
  if (login === undefined && settings.username === undefined && password === undefined) return undefined;
  if (username === undefined)
    throw usageError('no-username', 'there is a password, but no user name', 'JARVIS_USERNAME or --username');
  throw usageError(
    'no-password',
    `there is no password for ${settings.username ?? 'this target'}`,
    'JARVIS_PASSWORD in the environment, --accounts, or --token',
  );
}

/** One login for all users, or one each; several accounts imply one each, because a single login uses only one. */
export function identityOf(settings: LoadSettings, credentials: Credentials | undefined): Identity {
  if (settings.identity !== undefined) return settings.identity;
  return numberOfAccounts(credentials) > 1 ? 'per-user' : 'shared';
}

/** Number of accounts that users log in with; 0 with a token. */
export function numberOfAccounts(credentials: Credentials | undefined): number {
  return credentials !== undefined && 'accounts' in credentials ? credentials.accounts.length : 0;
}

/** All secrets in these settings and credentials. */
export function secretsOf(settings: TargetSettings, credentials: Credentials | undefined): readonly string[] {
  return [
    ...(credentials === undefined
      ? []
      : 'token' in credentials
        ? [credentials.token]
        : // Also the pair, which `Basic` authentication sends base64-encoded.
          credentials.accounts.flatMap(({ username, password }) => [password, `${username}:${password}`])),
    ...Object.values(settings.header ?? {}),
  ];
}
