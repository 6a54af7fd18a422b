import { failuresByOutcome } from '../failed-of.ts';
import type { Now } from '../../api/run-schema.ts';
import { clock, count, share, words } from '../format.ts';
import { live } from '../live.ts';

/** Without groups: what the counts say. */
function OutcomesOnly({ now }: { readonly now: Now }) {
  const rows = now.operations.flatMap(({ scenario, operation, outcomes, requests }) =>
    failuresByOutcome(outcomes).map(([outcome, n]) => ({ scenario, operation, outcome, n, requests })),
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Failures">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="num">
              Count
            </th>
            <th scope="col" class="num">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ scenario, operation, outcome, n, requests }) => (
            <tr key={`${scenario} ${operation} ${outcome}`}>
              <th scope="row">
                {operation} <span class="note">{scenario}</span>
              </th>
              <td>{words(outcome)}</td>
              <td class="num">{count(n)}</td>
              <td class="num">{share(n / requests)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Failed requests by operation, outcome and message, with an example. */
export function FailuresTab() {
  const now = live.value?.now;
  if (now === null || now === undefined || (now.failed === 0 && now.exceptions.length === 0))
    return <p class="empty">No failed requests.</p>;
  const requestsOf = (scenario: string, operation: string): number =>
    now.operations.find((row) => row.scenario === scenario && row.operation === operation)?.requests ?? 0;
  return (
    <>
      {now.failures === null ? (
        <>
          <OutcomesOnly now={now} />
          <p class="note">Messages and examples are known at the end of the run.</p>
        </>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Failures">
          <table>
            <thead>
              <tr>
                <th scope="col">Operation</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="num">
                  Count
                </th>
                <th scope="col" class="num">
                  Share
                </th>
                <th scope="col">Message and example</th>
                <th scope="col" class="num">
                  First seen
                </th>
                <th scope="col" class="num">
                  Last seen
                </th>
              </tr>
            </thead>
            <tbody>
              {now.failures.map((failure, index) => (
                <tr key={index}>
                  <th scope="row">
                    {failure.operation} <span class="note">{failure.scenario}</span>
                  </th>
                  <td>{words(failure.outcome)}</td>
                  <td class="num">{count(failure.count)}</td>
                  <td class="num">
                    {share(failure.count / requestsOf(failure.scenario, failure.operation))}
                  </td>
                  <td class="wrap">
                    {failure.message}
                    <details>
                      <summary>Example</summary>
                      <p>
                        <code>{failure.example.request}</code>
                        {failure.example.status === null ? '' : `, status ${failure.example.status}`}
                      </p>
                      {failure.example.traceId === undefined ? null : (
                        <p>
                          trace <code>{failure.example.traceId}</code>
                        </p>
                      )}
                      {failure.example.body === '' ? null : <pre>{failure.example.body}</pre>}
                    </details>
                  </td>
                  <td class="num">{clock(failure.firstMs)}</td>
                  <td class="num">{clock(failure.lastMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {now.failuresNotListed === 0 ? null : (
        <p class="note">
          {count(now.failuresNotListed)} failed{' '}
          {now.failuresNotListed === 1 ? 'request was' : 'requests were'} of other kinds.
        </p>
      )}
      {now.exceptions.length === 0 ? null : (
        <section aria-labelledby="exceptions-title">
          <h2 id="exceptions-title">Exceptions of scenario code</h2>
          <ul>
            {now.exceptions.map(({ scenario, message, count: n }, index) => (
              <li key={index}>
                {count(n)} × {scenario ?? 'run'}: {message}
              </li>
            ))}
            {now.exceptionsNotListed === 0 ? null : (
              <li>
                {count(now.exceptionsNotListed)} × other exceptions: there are too many different ones to list
              </li>
            )}
          </ul>
        </section>
      )}
    </>
  );
}
