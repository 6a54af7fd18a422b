import type { Credentials } from '@jarvis-load/jarvis';
import { usageError } from '../cli-error.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { readAccounts } from '../secrets/read-accounts.ts';

/** The documented test account; used as a default on loopback only, so that it is never sent to another machine. */
const TEST_ACCOUNT = { username: 'admin', password: 'admin123' };

/** The credentials for the target. `loopback` allows the test account as default. */
export function credentialsFrom(settings: TargetSettings, cwd: string, loopback: boolean): Credentials {
  const { token, accounts, username, password } = settings;
  if (token !== undefined) return { token };
  if (accounts !== undefined) return { accounts: readAccounts(accounts, cwd) };
  if (password !== undefined)
    return { accounts: [{ username: username ?? TEST_ACCOUNT.username, password }] };
  if (loopback && (username === undefined || username === TEST_ACCOUNT.username))
    return { accounts: [TEST_ACCOUNT] };
  throw usageError(
    'no-password',
    `there is no password for ${username ?? 'this target'}`,
    'JARVIS_PASSWORD in the environment, --accounts, or --token',
  );
}

/** All secrets in these settings and credentials. */
export function secretsOf(settings: TargetSettings, credentials: Credentials): readonly string[] {
  return [
    ...('token' in credentials
      ? [credentials.token]
      : // Also the pair, which `Basic` authentication sends base64-encoded.
        credentials.accounts.flatMap(({ username, password }) => [password, `${username}:${password}`])),
    ...Object.values(settings.header ?? {}),
  ];
}
