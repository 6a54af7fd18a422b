import type { PromiseRow } from '../../api/run-schema.ts';
import { inUnit } from '../format.ts';
import { cutOff, live } from '../live.ts';
import { promiseName } from './promise-name.ts';

const MOST_REASONS = 5;

function reason(promise: PromiseRow): string {
  return `${promiseName(promise)}: ${inUnit(promise.measured, promise.unit)}, limit ${inUnit(promise.limit, promise.unit)}`;
}

/** The verdict so far, or the final one, with its reasons. */
export function VerdictBox() {
  const state = live.value;
  if (state === undefined) return null;
  const { session, verdict, now } = state;
  if (session.error !== null && verdict === null)
    return (
      <section class="verdict verdict-fail" aria-label="Problem">
        <h2>The run did not start</h2>
        <p>{session.error.message}</p>
        {session.error.next === null ? null : <p class="note">{session.error.next}</p>}
      </section>
    );
  if (verdict !== null) {
    const [title, tone] = {
      pass: ['PASS', 'pass'],
      fail: ['FAIL', 'fail'],
      'not-valid': ['NOT VALID', 'warn'],
    }[verdict.status] as [string, string];
    return (
      <section class={`verdict verdict-${tone}`} aria-label="Verdict">
        <h2>{title}</h2>
        <Reasons texts={verdict.reasons} />
      </section>
    );
  }
  if (cutOff.value !== undefined) return <CutOff problem={cutOff.value.problem} />;
  if (now === null) return null;
  const failing = (now.promises ?? []).filter(({ status }) => status === 'fail');
  const open = (now.promises ?? []).filter(({ status }) => status !== 'fail' && status !== 'pass');
  if (now.promises === null)
    return (
      <section class="verdict" aria-label="Verdict so far">
        <h2>Running</h2>
        <p>Thresholds and objectives are judged at the end.</p>
      </section>
    );
  return failing.length > 0 ? (
    <section class="verdict verdict-fail" aria-label="Verdict so far">
      <h2>Fails so far</h2>
      <Reasons
        texts={[
          ...failing.slice(0, MOST_REASONS).map(reason),
          ...(failing.length > MOST_REASONS
            ? [`${failing.length - MOST_REASONS} more in the table below`]
            : []),
        ]}
      />
    </section>
  ) : (
    <section class="verdict verdict-pass" aria-label="Verdict so far">
      <h2>Holds so far</h2>
      <p>
        {now.promises.length - open.length} of {now.promises.length} promises hold
        {open.length === 0 ? '.' : `; ${open.length} are not proven yet.`}
      </p>
    </section>
  );
}

/** The run that was on when jarvis-load was killed, until its journal is read. */
function CutOff({ problem }: { readonly problem: string | null }) {
  return (
    <section class="verdict verdict-warn" aria-label="Verdict">
      <h2>Cut off</h2>
      <p>
        jarvis-load was ended while this run was on, and started again. These are the last numbers that this
        page got.
      </p>
      <p class="note" role="status">
        {problem === null ? 'Reading what the journal of the run kept …' : `No record to read: ${problem}`}
      </p>
    </section>
  );
}

function Reasons({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return <p>All promises hold.</p>;
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
