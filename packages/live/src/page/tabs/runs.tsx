import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ArchivedRun } from '../../api/session-schema.ts';
import { call } from '../api.ts';
import { count, latency } from '../format.ts';
import { live } from '../live.ts';

const runs = signal<readonly ArchivedRun[] | null>(null);

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
          {runs.value.map((run) => (
            <tr key={run.runId}>
              <th scope="row">
                <code>{run.runId}</code>
              </th>
              <td>
                <time dateTime={run.startedAt}>{new Date(run.startedAt).toLocaleString()}</time>
              </td>
              <td>{run.target}</td>
              <td>{run.verdict}</td>
              <td class="num">{count(run.requests)}</td>
              <td class="num">{latency(run.p95Ms)}</td>
              <td>
                {run.files.map((file) => (
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
