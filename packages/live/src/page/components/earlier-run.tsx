import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { History } from '../../api/run-schema.ts';
import type { ArchivedRun } from '../../api/session-schema.ts';
import { call } from '../api.ts';
import { words } from '../format.ts';
import { live } from '../live.ts';

/** The run that is drawn under the present one. */
export const earlier = signal<{ readonly runId: string; readonly history: History } | null>(null);
const choice = signal<readonly ArchivedRun[]>([]);
const failure = signal<string | null>(null);

async function choose(runId: string): Promise<void> {
  failure.value = null;
  if (runId === '') {
    earlier.value = null;
    return;
  }
  const answer = await call<History>('GET', `/runs/${encodeURIComponent(runId)}/history`);
  earlier.value = answer.ok ? { runId, history: answer.value } : null;
  if (!answer.ok) failure.value = answer.error.message;
}

/** Chooses an earlier run whose course is drawn under that of the present one. */
export function EarlierRun() {
  const state = live.value;
  const present = state?.run?.runId;
  useEffect(() => {
    void call<ArchivedRun[]>('GET', '/runs').then((answer) => {
      choice.value = answer.ok ? answer.value : [];
    });
  }, [present]);
  const runs = choice.value.filter(({ runId, verdict }) => runId !== present && verdict !== 'cut-off');
  if (runs.length === 0) return null;
  return (
    <p class="earlier">
      <label for="earlier-run">Beside an earlier run</label>{' '}
      <select
        id="earlier-run"
        value={earlier.value?.runId ?? ''}
        onChange={(event) => void choose(event.currentTarget.value)}
      >
        <option value="">none</option>
        {runs.map(({ runId, target, verdict }) => (
          <option key={runId} value={runId}>
            {`${runId}, ${target}, ${words(verdict)}`}
          </option>
        ))}
      </select>
      {failure.value === null ? null : <span role="status"> {failure.value}</span>}
    </p>
  );
}
