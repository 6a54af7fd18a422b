import type { LiveState } from '../../api/session-schema.ts';
import { cutOff, live } from '../live.ts';

/** A state in a word or two, and its tone. */
interface StateWords {
  readonly tone: 'pass' | 'fail' | 'warn' | 'on' | 'idle';
  readonly text: string;
}

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

/** The state that the page shows. */
export function shownState(): StateWords {
  return cutOff.value === undefined ? stateWords(live.value) : { tone: 'warn', text: 'Cut off' };
}

/** The state of the session. */
export function stateWords(state: LiveState | undefined): StateWords {
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
