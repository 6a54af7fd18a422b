import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ArchivedRun } from '../../api/session-schema.ts';
import { call, type ApiError } from '../api.ts';
import { inReadingOrder } from '../components/report-files.ts';
import { verdictWords } from '../components/state-words.ts';
import { openTab } from '../components/tabs.tsx';
import { count, latency, NO_VALUE } from '../format.ts';
import { isOn, live } from '../live.ts';

const runs = signal<readonly ArchivedRun[] | null>(null);
/** Id of the run that is being opened. */
const opening = signal<string | null>(null);
const problem = signal<ApiError | null>(null);

/** Shows an earlier run in the whole page. */
async function show(runId: string): Promise<void> {
  opening.value = runId;
  const answer = await call('POST', `/runs/${encodeURIComponent(runId)}/show`);
  opening.value = null;
  problem.value = answer.ok ? null : answer.error;
  if (!answer.ok) return;
  openTab.value = 'overview';
  scrollTo({ top: 0 });
}

/** Runs in the results folder, with their files. */
export function RunsTab() {
  const runId = live.value?.verdict === null ? undefined : live.value?.run?.runId;
  useEffect(() => {
    void call<ArchivedRun[]>('GET', '/runs').then((answer) => {
      runs.value = answer.ok ? answer.value : [];
    });
  }, [runId]);
  if (runs.value === null) return <p class="empty">Loading …</p>;
  if (runs.value.length === 0) return <p class="empty">No finished runs in the results folder yet.</p>;
  const canShow = live.value?.session.mode !== 'view' && !isOn.value;
  return (
    <>
      {problem.value === null ? null : (
        <p class="banner banner-fail" role="alert">
          {problem.value.message}
          {problem.value.next === null ? '' : `. ${problem.value.next}`}
        </p>
      )}
      <RunTable all={runs.value} present={live.value?.run?.runId} canShow={canShow} />
    </>
  );
}

function RunTable({
  all,
  present,
  canShow,
}: {
  readonly all: readonly ArchivedRun[];
  readonly present: string | undefined;
  readonly canShow: boolean;
}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Started</th>
            <th scope="col">Target</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="num">
              Requests
            </th>
            <th scope="col" class="num">
              p95
            </th>
            <th scope="col">Files</th>
          </tr>
        </thead>
        <tbody>
          {all.map((run) => (
            <tr key={run.runId}>
              <th scope="row">
                {canShow && run.runId !== present ? (
                  <button
                    type="button"
                    class="link"
                    disabled={opening.value !== null}
                    onClick={() => void show(run.runId)}
                  >
                    <code>{run.runId}</code>
                  </button>
                ) : (
                  <code>{run.runId}</code>
                )}
                {opening.value === run.runId ? <span class="note"> opening …</span> : null}
              </th>
              <td>
                <time dateTime={run.startedAt}>{new Date(run.startedAt).toLocaleString()}</time>
              </td>
              <td>{run.target}</td>
              <td>
                <span class={`chip chip-${verdictWords(run.verdict).tone}`}>
                  {verdictWords(run.verdict).text}
                </span>
              </td>
              <td class="num">{run.requests === null ? NO_VALUE : count(run.requests)}</td>
              <td class="num">{latency(run.p95Ms)}</td>
              <td>
                {inReadingOrder(run.files).map((file) => (
                  <a
                    key={file}
                    class="file"
                    href={`/api/runs/${encodeURIComponent(run.runId)}/${encodeURIComponent(file)}`}
                    download={`${run.runId}-${file}`}
                  >
                    {file}
                  </a>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
