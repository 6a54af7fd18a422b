import type { RateLimit } from '@jarvis-load/engine';
import type { DialectId } from '../dialects/dialect.ts';

export type { RateLimit };
/** Key of a limit: all requests with one token, of one account, or from one address. */
export type LimitScope = RateLimit['scope'];

const MINUTE = 60;

/**
 * The limits that each contract names. Not every target enforces them: the caller chooses what it passes to {@link limitAdvice}.
 * The login limit also stands in `dialects/core.ts` (`LOGINS_PER_SECOND`) and in the mock (`config/limits.ts`).
 */
export const DIALECT_LIMITS: Readonly<Record<DialectId, readonly RateLimit[]>> = {
  documented: [
    {
      name: 'chat',
      operations: ['chat.send'],
      requests: 60,
      perSeconds: MINUTE,
      scope: 'token',
      source: 'API examples: 60/min on /api/chat, scope unstated, taken as per token',
    },
    {
      name: 'voice',
      operations: ['voice.synthesize', 'voice.transcribe'],
      requests: 30,
      perSeconds: MINUTE,
      scope: 'token',
      source: 'API examples: 30/min on /api/voice/*, scope unstated, taken as per token',
    },
    {
      name: 'memory search',
      operations: ['memory.search'],
      requests: 100,
      perSeconds: MINUTE,
      scope: 'token',
      source: 'API examples: 100/min on search, scope unstated, taken as per token',
    },
  ],
  core: [
    {
      name: 'login',
      operations: ['auth.login'],
      requests: 5,
      perSeconds: 1,
      scope: 'address',
      source: 'Core: 5/s per TCP peer address, fixed window',
    },
  ],
};
