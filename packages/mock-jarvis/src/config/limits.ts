import type { MockOperation } from '../operations.ts';
import type { LimitGroup, MockConfig } from './schema.ts';

/** A rate limit in force, as data: for saying before a run that a profile cannot fit. */
export interface ConfiguredLimit {
  readonly name: LimitGroup;
  /** What is counted together. */
  readonly operations: readonly MockOperation[];
  readonly requests: number;
  readonly windowMs: number;
  readonly ratePerSecond: number;
  /** Who shares one budget. */
  readonly scope: 'token' | 'user' | 'ip';
}

/** Served by the core whatever is configured: 5 logins a second and peer address. */
const CORE_LOGIN: ConfiguredLimit = {
  name: 'login',
  operations: ['auth.login'],
  requests: 5,
  windowMs: 1000,
  ratePerSecond: 5,
  scope: 'ip',
};

/** What each group of limits counts; `all` leaves out health, ready and metrics, which are unlimited. */
export const LIMIT_GROUPS: Readonly<Record<LimitGroup, readonly MockOperation[]>> = {
  chat: ['chat.send'],
  voice: ['voice.synthesize', 'voice.transcribe'],
  search: ['memory.search'],
  login: ['auth.login'],
  all: [
    'auth.login',
    'auth.verify',
    'auth.whoami',
    'chat.send',
    'chat.conversations',
    'chat.history',
    'chat.create',
    'chat.delete',
    'memory.store',
    'memory.search',
    'memory.list',
    'voice.synthesize',
    'voice.transcribe',
    'voice.voices',
    'voice.languages',
  ],
};

/** The rate limits that hold under a configuration, the core's own login limit included. */
export function configuredLimits(config: MockConfig): readonly ConfiguredLimit[] {
  const own = config.dialect === 'core' ? [CORE_LOGIN] : [];
  if (!config.rateLimits.enabled) return own;
  const groups = Object.keys(LIMIT_GROUPS) as LimitGroup[];
  const configured = groups.flatMap((name): ConfiguredLimit[] => {
    const { requests, windowMs } = config.rateLimits[name];
    if (requests === null) return [];
    const scope = name === 'login' ? 'ip' : config.rateLimits.scope;
    const ratePerSecond = (requests * 1000) / windowMs;
    return [{ name, operations: LIMIT_GROUPS[name], requests, windowMs, ratePerSecond, scope }];
  });
  return [...own, ...configured];
}
