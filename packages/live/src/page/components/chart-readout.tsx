import { formatSeconds } from '@jarvis-load/charts';
import { reading } from '../format.ts';
import type { ChartProps } from './chart-props.ts';

interface Props extends Required<Omit<ChartProps, 'title' | 'bands'>> {
  /** Seconds. */
  readonly at: number;
  /** On the left side, so that it does not cover the cursor. */
  readonly isLeft: boolean;
}

/** Marks in words; more would cover the chart. */
const MOST_MARKS = 4;

/** All values at the cursor, and what happened there. */
export function ChartReadout({ at, isLeft, atSeconds, panels, marks }: Props) {
  const index = Math.max(
    0,
    atSeconds.findLastIndex((seconds) => seconds <= at),
  );
  const near = marks.filter(({ atMs }) => Math.abs(atMs / 1000 - at) < 1.5);
  return (
    <div class={`readout ${isLeft ? 'readout-left' : ''}`}>
      <strong>{formatSeconds(atSeconds[index] ?? 0)}</strong>
      <dl>
        {panels.flatMap(({ series }) =>
          series.map(({ name, values }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{reading(values[index])}</dd>
            </div>
          )),
        )}
      </dl>
      {near.slice(0, MOST_MARKS).map(({ text }, each) => (
        <p key={each}>{text}</p>
      ))}
      {near.length > MOST_MARKS ? <p>{near.length - MOST_MARKS} more marks: see the log</p> : null}
    </div>
  );
}
