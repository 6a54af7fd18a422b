import type { Now } from '../../api/run-schema.ts';
import { cutOff, live } from '../live.ts';

const MOST_REASONS = 5;

/** The verdict so far, or the final one, with its reasons. */
export function VerdictBox() {
  const state = live.value;
  if (state === undefined) return null;
  const { session, verdict, now } = state;
  if (session.error !== null && verdict === null)
    return (
      <section class="verdict verdict-fail" aria-label="Problem">
        <h2>{now === null ? 'The run did not start' : 'The run ended without a result'}</h2>
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
        {verdict.headline === '' ? null : <p class="headline">{verdict.headline}.</p>}
        <Reasons texts={verdict.reasons} />
      </section>
    );
  }
  if (cutOff.value !== undefined) return <CutOff problem={cutOff.value.problem} />;
  if (now === null) return null;
  return <SoFar promises={now.promises} missed={now.missed} />;
}

/** What the promises say while the run is on. */
function SoFar({ promises, missed }: Pick<Now, 'promises' | 'missed'>) {
  const held = (promises ?? []).filter(({ status }) => status === 'pass').length;
  if (missed.length > 0)
    return (
      <section class="verdict verdict-fail" aria-label="Verdict so far">
        <h2>Fails so far</h2>
        <Reasons texts={missed} />
      </section>
    );
  const open = (promises ?? []).length - held;
  const [title, text] =
    promises === null
      ? ['Running', 'Thresholds and objectives are judged at the end.']
      : promises.length === 0
        ? ['Running', 'Nothing judges this run: it has no threshold and no objective.']
        : held === 0
          ? ['Too early to tell', `None of ${promises.length} promises has enough samples yet.`]
          : [
              'Holds so far',
              `${held} of ${promises.length} promises hold${open === 0 ? '.' : `; ${open} are not proven yet.`}`,
            ];
  return (
    <section class={`verdict ${held > 0 ? 'verdict-pass' : ''}`} aria-label="Verdict so far">
      <h2>{title}</h2>
      <p>{text}</p>
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
  if (texts.length === 0) return null;
  const list = (some: readonly string[]) => (
    <ul>
      {some.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
  const more = texts.slice(MOST_REASONS);
  return (
    <>
      {list(texts.slice(0, MOST_REASONS))}
      {more.length === 0 ? null : (
        <details>
          <summary>{more.length} more</summary>
          {list(more)}
        </details>
      )}
    </>
  );
}
