import type { PromiseRow } from '../../api/run-schema.ts';
import { limitInUnit, measuredInUnit, NO_VALUE, share, words } from '../format.ts';
import { promiseName } from './promise-name.ts';

const STATUS: Readonly<Record<string, { readonly text: string; readonly tone: string }>> = {
  pass: { text: 'holds', tone: 'pass' },
  fail: { text: 'fails', tone: 'fail' },
  unproven: { text: 'too few samples', tone: 'idle' },
  'machine-limited': { text: 'machine too busy', tone: 'warn' },
  'no-data': { text: 'no data yet', tone: 'idle' },
  'not-measurable': { text: 'not measurable', tone: 'idle' },
};
const ORDER = ['fail', 'machine-limited', 'pass', 'unproven', 'no-data', 'not-measurable'];

/** The share of the limit that is left, or by which it is missed, as in the report. */
function marginText({ margin, aspect, label }: PromiseRow): string {
  if (margin === null) return NO_VALUE;
  const isLeast = aspect === 'requestsPerSecond' || (aspect === null && label.includes('>'));
  const word = margin < 0 ? (isLeast ? 'short' : 'over') : isLeast ? 'above' : 'left';
  return `${share(Math.abs(margin))} ${word}`;
}

/** Thresholds and objectives as they stand, the failing ones first. */
export function Promises({ promises }: { readonly promises: readonly PromiseRow[] | null }) {
  if (promises === null || promises.length === 0) return null;
  const sorted = promises.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return (
    <section aria-labelledby="promises-title">
      <h2 id="promises-title">Thresholds and objectives</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of thresholds and objectives">
        <table>
          <thead>
            <tr>
              <th scope="col">Promise</th>
              <th scope="col">State</th>
              <th scope="col" class="num">
                Measured
              </th>
              <th scope="col" class="num">
                Limit
              </th>
              <th scope="col" class="num">
                Margin
              </th>
              <th scope="col" class="num">
                Samples
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((promise) => {
              const { text, tone } = STATUS[promise.status] ?? { text: words(promise.status), tone: 'idle' };
              return (
                <tr key={`${promise.kind} ${promiseName(promise)}`} class={`row-${tone}`}>
                  <th scope="row">{promiseName(promise)}</th>
                  <td>
                    <span class={`chip chip-${tone}`}>{text}</span>
                  </td>
                  <td class="num">{measuredInUnit(promise.measured, promise.limit, promise.unit)}</td>
                  <td class="num">{limitInUnit(promise.limit, promise.unit)}</td>
                  <td class="num">{marginText(promise)}</td>
                  <td class="num">{promise.samples.toLocaleString('en-US')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
