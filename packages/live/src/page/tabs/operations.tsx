import { signal } from '@preact/signals';
import type { Now, OperationRow, Point } from '../../api/run-schema.ts';
import { OperationDetail } from '../components/operation-detail.tsx';
import { failedOf } from '../failed-of.ts';
import { count, latency, NO_VALUE, number, share } from '../format.ts';
import { live } from '../live.ts';

/*
 * The table of operations. Must hold: a column is referred to by its `id`; a value that is not known is null and sorts below all
 * others. Filter, sorting and columns are kept while the page is open, also from run to run.
 */

interface Column {
  readonly id: string;
  readonly title: string;
  readonly value: (row: OperationRow) => number | null;
  readonly show: (value: number | null) => string;
  /** Shown without being chosen. */
  readonly first: boolean;
}

/** Of the run when it has ended, else of the last second. */
const rate = ({ last, requestsPerSecond }: OperationRow): number | null =>
  requestsPerSecond ?? (last === null ? 0 : last.requests / (Math.max(last.durationMs, 1) / 1000));
const orZero = (value: number | null): string => count(value ?? 0);

const COLUMNS: readonly Column[] = [
  { id: 'requests', title: 'Requests', value: (row) => row.requests, show: orZero, first: true },
  { id: 'rate', title: 'Requests/s', value: rate, show: number, first: true },
  { id: 'failed', title: 'Failed', value: failedOf, show: orZero, first: true },
  {
    id: 'failedShare',
    title: 'Failed %',
    value: (row) => (row.requests === 0 ? null : failedOf(row) / row.requests),
    show: share,
    first: true,
  },
  {
    id: 'rateLimited',
    title: '429',
    value: (row) => row.outcomes['rate_limited'] ?? 0,
    show: orZero,
    first: false,
  },
  {
    id: 'retries',
    title: 'Retried',
    value: (row) => row.retries,
    show: (value) => (value === null ? NO_VALUE : count(value)),
    first: false,
  },
  { id: 'mean', title: 'Mean', value: (row) => row.meanMs, show: latency, first: false },
  { id: 'min', title: 'Min', value: (row) => row.minMs, show: latency, first: false },
  { id: 'p50', title: 'p50', value: (row) => row.p50Ms, show: latency, first: true },
  { id: 'p95', title: 'p95', value: (row) => row.p95Ms, show: latency, first: true },
  { id: 'p99', title: 'p99', value: (row) => row.p99Ms, show: latency, first: true },
  { id: 'max', title: 'Max', value: (row) => row.maxMs, show: latency, first: true },
  { id: 'p95now', title: 'p95 now', value: (row) => row.last?.p95Ms ?? null, show: latency, first: false },
];

const sort = signal<{ readonly id: string; readonly down: boolean }>({ id: 'requests', down: true });
const filter = signal('');
const chosen = signal<ReadonlySet<string>>(new Set(COLUMNS.filter(({ first }) => first).map(({ id }) => id)));
const opened = signal<string | null>(null);

const nameOf = ({ scenario, operation }: OperationRow): string => `${scenario} ${operation}`;

function sorted(rows: readonly OperationRow[]): OperationRow[] {
  const column = COLUMNS.find(({ id }) => id === sort.value.id);
  const found = rows.filter((row) => nameOf(row).toLowerCase().includes(filter.value.toLowerCase()));
  const sign = sort.value.down ? -1 : 1;
  return found.toSorted((a, b) =>
    column === undefined
      ? sign * nameOf(a).localeCompare(nameOf(b))
      : sign * ((column.value(a) ?? -1) - (column.value(b) ?? -1)) || nameOf(a).localeCompare(nameOf(b)),
  );
}

function SortHeader({ id, title, isNumber }: { id: string; title: string; isNumber: boolean }) {
  const { id: current, down } = sort.value;
  return (
    <th
      scope="col"
      class={isNumber ? 'num' : undefined}
      aria-sort={id !== current ? 'none' : down ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        class="sort"
        onClick={() => (sort.value = { id, down: id === current ? !down : isNumber })}
      >
        {title}
        <span aria-hidden="true">{id !== current ? '' : down ? ' ▼' : ' ▲'}</span>
      </button>
    </th>
  );
}

function ColumnChoice() {
  return (
    <details class="columns">
      <summary>Columns</summary>
      <fieldset>
        <legend class="sr">Columns of the table</legend>
        {COLUMNS.map(({ id, title }) => (
          <label key={id} class="choice">
            <input
              type="checkbox"
              checked={chosen.value.has(id)}
              onChange={() => {
                const next = new Set(chosen.value);
                if (!next.delete(id)) next.add(id);
                chosen.value = next;
              }}
            />
            {title}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

/** All operations together. Percentiles are those of the run and its last point: those of rows cannot be combined. */
function totalOf(
  { requests, requestsPerSecond, outcomes, p50Ms, p95Ms, p99Ms, operations }: Now,
  last: Point | undefined,
): OperationRow {
  const extreme = (of: (...values: number[]) => number, value: (row: OperationRow) => number | null) => {
    const values = operations.map(value).filter((each) => each !== null);
    return values.length === 0 ? null : of(...values);
  };
  const sum = operations.reduce((total, row) => total + (row.meanMs ?? 0) * row.requests, 0);
  const now = operations.flatMap((row) => row.last ?? []);
  return {
    scenario: '',
    operation: 'All operations',
    requests,
    requestsPerSecond,
    retries: operations.some(({ retries }) => retries === null)
      ? null
      : operations.reduce((total, { retries }) => total + (retries ?? 0), 0),
    outcomes,
    p50Ms,
    p95Ms,
    p99Ms,
    minMs: extreme(Math.min, ({ minMs }) => minMs),
    maxMs: extreme(Math.max, ({ maxMs }) => maxMs),
    meanMs: requests === 0 ? null : sum / requests,
    last:
      now.length === 0
        ? null
        : {
            requests: now.reduce((total, each) => total + each.requests, 0),
            failed: now.reduce((total, each) => total + each.failed, 0),
            durationMs: now[0]?.durationMs ?? 1000,
            p50Ms: last?.p50Ms ?? null,
            p95Ms: last?.p95Ms ?? null,
            p99Ms: last?.p99Ms ?? null,
          },
  };
}

/** Every operation of every scenario. */
export function OperationsTab() {
  const now = live.value?.now;
  if (now === null || now === undefined || now.operations.length === 0)
    return <p class="empty">No requests yet. Each operation gets a row with its first answer or retry.</p>;
  const columns = COLUMNS.filter(({ id }) => chosen.value.has(id));
  const rows = sorted(now.operations);
  const total = totalOf(now, live.value?.history.points.at(-1));
  const detail = now.operations.find((row) => nameOf(row) === opened.value);
  return (
    <>
      <div class="tools">
        <label>
          Filter
          <input
            type="search"
            value={filter.value}
            placeholder="scenario or operation"
            onInput={(event) => (filter.value = event.currentTarget.value)}
          />
        </label>
        <ColumnChoice />
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Operations">
        <table>
          <thead>
            <tr>
              <SortHeader id="name" title="Operation" isNumber={false} />
              {columns.map(({ id, title }) => (
                <SortHeader key={id} id={id} title={title} isNumber />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={nameOf(row)} class={failedOf(row) > 0 ? 'row-warn' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-expanded={opened.value === nameOf(row)}
                    onClick={() => (opened.value = opened.value === nameOf(row) ? null : nameOf(row))}
                  >
                    {row.operation}
                  </button>
                  <span class="note"> {row.scenario}</span>
                </th>
                {columns.map(({ id, value, show }) => (
                  <td key={id} class="num">
                    {show(value(row))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{total.operation}</th>
              {columns.map(({ id, value, show }) => (
                <td key={id} class="num">
                  {show(value(total))}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
      {rows.length === 0 ? <p class="empty">No operation matches “{filter.value}”.</p> : null}
      {detail === undefined ? (
        <p class="note">Choose an operation for its charts.</p>
      ) : (
        <OperationDetail row={detail} promises={now.promises ?? []} />
      )}
    </>
  );
}
