import type { RateLimit } from '@jarvis-load/jarvis';
import { LIMITED_OPERATIONS, type LimitedOperation } from '../operations.ts';
import type { LimitGroup, MockConfig } from './schema.ts';

/** The same limit stands in jarvis: `limits/limits.ts`, and `LOGINS_PER_SECOND` of `dialects/core.ts`. */
const CORE_LOGIN: RateLimit = {
  name: 'login',
  operations: ['auth.login'],
  requests: 5,
  perSeconds: 1,
  scope: 'address',
  source: 'The core always serves 5 logins a second and peer address',
};

const GROUP_NAMES: Readonly<Record<LimitGroup, string>> = {
  chat: 'chat',
  voice: 'voice',
  search: 'memory search',
  login: 'login',
  all: 'all requests',
};

const UNLIMITED: ReadonlySet<LimitedOperation> = new Set(['health', 'ready', 'metrics']);

/** Operations that each group of limits counts. */
const LIMIT_GROUPS: Readonly<Record<LimitGroup, readonly LimitedOperation[]>> = {
  chat: ['chat.send'],
  voice: ['voice.synthesize', 'voice.transcribe'],
  search: ['memory.search'],
  login: ['auth.login'],
  all: LIMITED_OPERATIONS.filter((name) => !UNLIMITED.has(name)),
};

/** The rate limits in force under a configuration, including the core's built-in login limit. Input of limit advice. */
export function configuredLimits(config: MockConfig): readonly RateLimit[] {
  const own = config.dialect === 'core' ? [CORE_LOGIN] : [];
  if (!config.rateLimits.enabled) return own;
  const scope = config.rateLimits.scope === 'ip' ? 'address' : config.rateLimits.scope;
  const groups = Object.keys(LIMIT_GROUPS) as LimitGroup[];
  const configured = groups.flatMap((group): RateLimit[] => {
    const { requests, windowMs } = config.rateLimits[group];
    if (requests === null) return [];
    return [
      {
        name: GROUP_NAMES[group],
        operations: LIMIT_GROUPS[group],
        requests,
        perSeconds: windowMs / 1000,
        // A login has neither token nor user yet, so it is counted by address.
        scope: group === 'login' ? 'address' : scope,
        source: `Mock setting rateLimits.${group}`,
      },
    ];
  });
  return [...own, ...configured];
}
