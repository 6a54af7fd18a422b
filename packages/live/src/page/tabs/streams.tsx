import { signal } from '@preact/signals';
import type { StreamRow } from '../../api/run-schema.ts';
import { StreamDetail } from '../components/stream-detail.tsx';
import { count, latency, NO_VALUE, number, share } from '../format.ts';
import { live } from '../live.ts';

interface Column {
  readonly title: string;
  readonly show: (row: StreamRow) => string;
}

const goodOf = (of: Pick<StreamRow, 'judged' | 'good'> | null): string =>
  of === null || of.judged === 0 ? NO_VALUE : share(of.good / of.judged);

const COLUMNS: readonly Column[] = [
  { title: 'Streams', show: ({ streams }) => count(streams) },
  { title: 'TTFT p95 now', show: ({ last }) => latency(last?.p95Ms) },
  { title: 'TTFT p50', show: ({ ttft }) => latency(ttft.p50Ms) },
  { title: 'TTFT p95', show: ({ ttft }) => latency(ttft.p95Ms) },
  { title: 'TTFT p99', show: ({ ttft }) => latency(ttft.p99Ms) },
  { title: 'TTLT p95', show: ({ ttlt }) => latency(ttlt.p95Ms) },
  { title: 'Gap p99', show: ({ gap }) => latency(gap.p99Ms) },
  { title: 'Longest gap p99', show: ({ longestGap }) => latency(longestGap.p99Ms) },
  {
    title: 'Tokens/s now',
    show: ({ last }) => number(last === null ? 0 : last.tokens / (Math.max(last.durationMs, 1) / 1000)),
  },
  { title: 'Good now', show: ({ last }) => goodOf(last) },
  { title: 'Good', show: goodOf },
];

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
        <table>
          <thead>
            <tr>
              <th scope="col">Operation</th>
              {COLUMNS.map(({ title }) => (
                <th key={title} scope="col" class="num">
                  {title}
                </th>
              ))}
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
                  <span class="note"> {row.scenario}</span>
                </th>
                {COLUMNS.map(({ title, show }) => (
                  <td key={title} class="num">
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
