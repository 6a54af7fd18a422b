import { signal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { MockChange, MockView } from '../../api/session-schema.ts';
import { call, type ApiError } from '../api.ts';
import { latency } from '../format.ts';
import { fieldText } from '../field-text.ts';
import { canControl } from '../live.ts';

/** Of the last answer of the server: a setting is shown only once the server has it. */
const view = signal<MockView | null>(null);
const problem = signal<ApiError | null>(null);

/** Those of `mock-jarvis/src/config/presets.ts` but `freeze`, which has a field of its own here. */
const PRESETS = ['typical', 'fast', 'degraded', 'rate-limited', 'flaky'];

function take(answer: Awaited<ReturnType<typeof call<MockView>>>): void {
  if (answer.ok) view.value = answer.value;
  problem.value = answer.ok ? null : answer.error;
}

const change = async (body: MockChange): Promise<void> => take(await call<MockView>('POST', '/mock', body));

/** A form of one number that is set as a whole. */
function NumberSetting(props: {
  readonly name: string;
  readonly value: number | null;
  readonly note: string;
  readonly min: number;
  readonly max?: number;
  readonly step?: number | 'any';
  /** What the button does. @default Set */
  readonly verb?: string;
  /** An empty field; absent: not allowed. */
  readonly onEmpty?: () => void;
  readonly onSet: (value: number) => void;
}) {
  const { name, value, note, min, max, step = 1, verb = 'Set', onEmpty, onSet } = props;
  const id = useId();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const text = fieldText(new FormData(event.currentTarget), 'value');
        if (text === '') onEmpty?.();
        else onSet(Number(text));
      }}
    >
      <div class="field">
        <label for={id}>{name}</label>
        <span class="input-row">
          <input
            key={String(value)}
            id={id}
            aria-describedby={`${id}-note`}
            name="value"
            type="number"
            min={min}
            max={max}
            step={step}
            required={onEmpty === undefined}
            placeholder={onEmpty === undefined ? undefined : 'no limit'}
            defaultValue={value === null ? '' : String(value)}
            disabled={!canControl.value}
          />
          <button type="submit" disabled={!canControl.value} aria-label={`${verb} ${name}`}>
            {verb}
          </button>
        </span>
        <span class="note" id={`${id}-note`}>
          {note}
        </span>
      </div>
    </form>
  );
}

/** Changes the mock during a run; the server marks each change in the charts. */
export function MockTab() {
  useEffect(() => void call<MockView>('GET', '/mock').then(take), []);
  const mock = view.value;
  if (mock === null) return <p class="empty">{problem.value?.message ?? 'Loading …'}</p>;
  return (
    <section aria-labelledby="mock-title">
      <h2 id="mock-title">Mock</h2>
      <p>Change what the mock does and watch the charts: each change is marked in them.</p>
      <div class="settings">
        <NumberSetting
          name="Latency of a chat turn, p95 (ms)"
          value={mock.turnP95Ms}
          note={
            mock.turnP50Ms === null
              ? 'of another form now'
              : `p50 is ${latency(mock.turnP50Ms)} and moves with it`
          }
          min={1}
          step="any"
          onSet={(turnP95Ms) => void change({ turnP95Ms })}
        />
        <NumberSetting
          name="Capacity (requests at once)"
          value={mock.capacity}
          note="more wait in a queue; empty: no limit"
          min={1}
          onEmpty={() => void change({ capacity: null })}
          onSet={(capacity) => void change({ capacity })}
        />
        <NumberSetting
          name="Server errors (%)"
          value={mock.errorShare * 100}
          note="share of requests answered with a server error"
          min={0}
          max={100}
          step="any"
          onSet={(percent) => void change({ errorShare: percent / 100 })}
        />
        <NumberSetting
          name="all answers (ms)"
          value={2000}
          verb="Freeze"
          note="no answer leaves for this long"
          min={1}
          onSet={(freezeMs) => void change({ freezeMs })}
        />
        <label class="choice">
          <input
            type="checkbox"
            checked={mock.rateLimits}
            disabled={!canControl.value}
            onChange={(event) => void change({ rateLimits: event.currentTarget.checked })}
          />
          Rate limits (429)
        </label>
        <label class="field">
          Preset
          <select
            value={mock.preset}
            disabled={!canControl.value}
            onChange={(event) => void change({ preset: event.currentTarget.value })}
          >
            {[...new Set([mock.preset, ...PRESETS])].map((preset) => (
              <option key={preset} value={preset}>
                {preset}
              </option>
            ))}
          </select>
          <span class="note">sets all of these</span>
        </label>
      </div>
      {problem.value === null ? null : (
        <p class="banner banner-fail" role="alert">
          {problem.value.message}
        </p>
      )}
    </section>
  );
}
