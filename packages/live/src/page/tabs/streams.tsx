import { signal } from '@preact/signals';
import type { StreamRow } from '../../api/run-schema.ts';
import { StreamDetail } from '../components/stream-detail.tsx';
import { count, latency, NO_VALUE, number, share } from '../format.ts';
import { live } from '../live.ts';

interface Column {
  readonly title: string;
  readonly show: (row: StreamRow) => string;
}

/** Columns below one heading: names of percentiles alone are short. */
interface ColumnGroup {
  readonly title: string;
  readonly columns: readonly Column[];
}

const goodOf = (of: Pick<StreamRow, 'judged' | 'good'> | null): string =>
  of === null || of.judged === 0 ? NO_VALUE : share(of.good / of.judged);

const GROUPS: readonly ColumnGroup[] = [
  { title: '', columns: [{ title: 'Streams', show: ({ streams }) => count(streams) }] },
  {
    title: 'First token (TTFT)',
    columns: [
      { title: 'p95 now', show: ({ last }) => latency(last?.p95Ms) },
      { title: 'p50', show: ({ ttft }) => latency(ttft.p50Ms) },
      { title: 'p95', show: ({ ttft }) => latency(ttft.p95Ms) },
      { title: 'p99', show: ({ ttft }) => latency(ttft.p99Ms) },
    ],
  },
  { title: 'Last (TTLT)', columns: [{ title: 'p95', show: ({ ttlt }) => latency(ttlt.p95Ms) }] },
  {
    title: 'Gap, p99',
    columns: [
      { title: 'each', show: ({ gap }) => latency(gap.p99Ms) },
      { title: 'longest', show: ({ longestGap }) => latency(longestGap.p99Ms) },
    ],
  },
  {
    title: 'Tokens/s',
    columns: [
      {
        title: 'now',
        show: ({ last }) => number(last === null ? 0 : last.tokens / (Math.max(last.durationMs, 1) / 1000)),
      },
    ],
  },
  {
    title: 'Good',
    columns: [
      { title: 'now', show: ({ last }) => goodOf(last) },
      { title: 'all', show: goodOf },
    ],
  },
];
const COLUMNS = GROUPS.flatMap(({ title: group, columns }, index) =>
  columns.map((column, place) => ({
    ...column,
    id: `${group} ${column.title}`,
    starts: index > 0 && place === 0,
  })),
);

const chosen = signal<string | null>(null);
const nameOf = ({ scenario, operation }: StreamRow): string => `${scenario} ${operation}`;

/** Operations whose responses are streamed: first and last token, gaps, tokens, goodput. */
export function StreamsTab() {
  const rows = live.value?.now?.streams ?? [];
  const shown = rows.find((row) => nameOf(row) === chosen.value) ?? rows[0];
  if (shown === undefined) return <p class="empty">No stream has ended yet.</p>;
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Streams">
        <table class="grouped">
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                Operation
              </th>
              {GROUPS.map(({ title, columns: [first, ...more] }) =>
                title === '' ? (
                  <th key={title} scope="col" rowSpan={2} class="num">
                    {first?.title}
                  </th>
                ) : (
                  <th key={title} scope="colgroup" colSpan={1 + more.length} class="group">
                    {title}
                  </th>
                ),
              )}
            </tr>
            <tr>
              {GROUPS.filter(({ title }) => title !== '').flatMap(({ title: group, columns }) =>
                columns.map(({ title }, place) => (
                  <th key={`${group} ${title}`} scope="col" class={place === 0 ? 'num starts' : 'num'}>
                    {title}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={nameOf(row)}>
                <th scope="row">
                  {rows.length === 1 ? (
                    row.operation
                  ) : (
                    <button
                      type="button"
                      class="link"
                      aria-pressed={row === shown}
                      onClick={() => (chosen.value = nameOf(row))}
                    >
                      {row.operation}
                    </button>
                  )}
                  <span class="note below"> {row.scenario}</span>
                </th>
                {COLUMNS.map(({ id, show, starts }) => (
                  <td key={id} class={starts ? 'num starts' : 'num'}>
                    {show(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        First and last token (TTFT, TTLT) from the intended start. Now: streams that ended in the last second.
        Good: of the streams that ended.
      </p>
      <StreamDetail row={shown} />
    </>
  );
}
