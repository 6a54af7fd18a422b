import type { LiveState } from '../../api/session-schema.ts';

const VERDICTS = {
  pass: { tone: 'pass', text: 'PASS' },
  fail: { tone: 'fail', text: 'FAIL' },
  'not-valid': { tone: 'warn', text: 'NOT VALID' },
} as const;

/** A verdict of the list of runs. */
export function verdictWords(verdict: string): { readonly tone: string; readonly text: string } {
  if (verdict in VERDICTS) return VERDICTS[verdict as keyof typeof VERDICTS];
  return { tone: 'warn', text: verdict === 'cut-off' ? 'CUT OFF' : verdict };
}

const PHASES: Readonly<Record<string, string>> = {
  'warm-up': 'Warming up',
  setup: 'Logging in',
  teardown: 'Cleaning up',
};

/** The state of the session in a word or two, and its tone. */
export function stateWords(state: LiveState | undefined): {
  readonly tone: 'pass' | 'fail' | 'warn' | 'on' | 'idle';
  readonly text: string;
} {
  if (state === undefined) return { tone: 'idle', text: 'Connecting' };
  const { session, verdict } = state;
  switch (session.state) {
    case 'idle':
      return { tone: 'idle', text: 'Ready' };
    case 'preparing':
      return { tone: 'on', text: PHASES[session.phase ?? ''] ?? 'Preparing' };
    case 'running':
      return { tone: 'on', text: 'Running' };
    case 'paused':
      return { tone: 'warn', text: 'Paused' };
    case 'stopping':
      return { tone: 'on', text: 'Stopping' };
    case 'ended':
      return verdict === null ? { tone: 'fail', text: 'Ended without a result' } : VERDICTS[verdict.status];
  }
}
