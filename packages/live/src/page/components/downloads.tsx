import { isOn, live } from '../live.ts';
import { inReadingOrder, purposeOf } from './report-files.ts';

/** Files of the run that has ended; or, of one that has a verdict, why they could not be written. */
export function Downloads() {
  const state = live.value;
  const error = state?.session.error;
  if (error !== null && error !== undefined && state?.verdict !== null)
    return (
      <p class="banner banner-fail" role="alert">
        {error.message}
        {error.next === null ? '' : `. ${error.next}`}
      </p>
    );
  const files = state?.session.reports ?? [];
  const runId = state?.run?.runId;
  if (files.length === 0 || runId === undefined || isOn.value) return null;
  return (
    <section aria-labelledby="downloads-title">
      <h2 id="downloads-title">Reports</h2>
      <ul class="files">
        {inReadingOrder(files).map((file) => (
          <li key={file}>
            <a
              href={`/api/runs/${encodeURIComponent(runId)}/${encodeURIComponent(file)}`}
              download={`${runId}-${file}`}
            >
              {file}
            </a>
            {purposeOf(file) === undefined ? null : <span class="note"> {purposeOf(file)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Reports of the run that is on. */
export function DownloadsSoFar() {
  const state = live.value;
  const files = state?.session.reports ?? [];
  const runId = state?.run?.runId;
  if (files.length === 0 || runId === undefined || !isOn.value || state?.verdict !== null) return null;
  return (
    <p class="so-far">
      Download what there is so far:{' '}
      {inReadingOrder(files).map((file) => (
        <a
          key={file}
          href={`/api/run/reports/${encodeURIComponent(file)}`}
          download={`${runId}-so-far-${file}`}
          title={purposeOf(file)}
        >
          {file}
        </a>
      ))}
    </p>
  );
}
