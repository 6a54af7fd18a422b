import { expect, it } from 'vitest';
import { EngineError } from '@jarvis-load/engine';
import { NO_CONFIG_FILE } from '../src/config/read-config.ts';
import { OfferedSuites } from '../src/live/offered-suites.ts';
import { SessionControl, type SessionParts } from '../src/live/session-control.ts';

it('a refused start or call holds no secret', async () => {
  const refuse = (): never => {
    throw new EngineError('wrong-state', 'no run at s3cret');
  };
  const control = new SessionControl({
    session: { onStatus: () => undefined, pause: refuse },
    suites: new OfferedSuites({}, '.', ''),
    settings: {},
    context: {
      argv: [],
      config: NO_CONFIG_FILE,
      redactor: { text: (text: string) => text.replaceAll('s3cret', '***') },
    },
  } as unknown as SessionParts);
  const load = { kind: 'users', users: 1 } as const;
  await expect(control.start({ target: 's3cret', load })).rejects.toMatchObject({
    status: 403,
    code: 'target',
    message: 'Target "***" is not configured',
  });
  expect(() => control.pause()).toThrow('no run at ***');
});
