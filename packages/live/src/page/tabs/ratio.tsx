import { count, number, share } from '../format.ts';
import { live } from '../live.ts';

/** What users do: the operations of each scenario, by share, planned and real. */
export function RatioTab() {
  const now = live.value?.now;
  if (now === null || now === undefined || now.operations.length === 0)
    return (
      <p class="empty">
        No requests yet. The shares of scenarios and operations come with the first answers.
      </p>
    );
  const names = [...new Set(now.operations.map(({ scenario }) => scenario))];
  return (
    <>
      {names.map((name) => {
        const rows = now.operations.filter(({ scenario }) => scenario === name);
        const total = rows.reduce((sum, { requests }) => sum + requests, 0);
        const row = now.scenarios?.find(({ scenario }) => scenario === name);
        const planned = row?.plannedRequests ?? null;
        const all = planned === null ? 0 : Object.values(planned).reduce((sum, each) => sum + each, 0);
        return (
          <section key={name} aria-labelledby={`ratio-${name}`}>
            <h2 id={`ratio-${name}`}>
              {name}{' '}
              <span class="note">
                {share(total / Math.max(1, now.requests))} of all requests
                {row === undefined ? '' : `, ${count(row.iterations)} iterations`}
              </span>
            </h2>
            <div class="scroll" tabIndex={0} role="region" aria-label={`Operations of ${name}`}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Operation</th>
                    <th scope="col" class="num">
                      Requests
                    </th>
                    <th scope="col" class="num">
                      Real share
                    </th>
                    {planned === null ? null : (
                      <th scope="col" class="num">
                        Planned share
                      </th>
                    )}
                    {row === undefined || row.iterations === 0 ? null : (
                      <th scope="col" class="num">
                        Per iteration
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ operation, requests }) => (
                    <tr key={operation}>
                      <th scope="row">{operation}</th>
                      <td class="num">{count(requests)}</td>
                      <td class="num">{share(requests / total)}</td>
                      {planned === null ? null : (
                        <td class="num">{share(all === 0 ? null : (planned[operation] ?? 0) / all)}</td>
                      )}
                      {row === undefined || row.iterations === 0 ? null : (
                        <td class="num">{number(requests / row.iterations)}</td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        );
      })}
    </>
  );
}
