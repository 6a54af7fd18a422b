import { useRef } from 'preact/hooks';
import { formatSeconds, timeChart } from '@jarvis-load/charts';
import { ChartData } from './chart-data.tsx';
import { ChartReadout } from './chart-readout.tsx';
import { cursor, hidden, toggle, zoom } from './chart-view.ts';
import { savePicture } from './save-picture.ts';
import { toElement } from './svg.tsx';
import type { ChartProps } from './chart-props.ts';

/** Shorter drags are clicks. */
const LEAST_ZOOM_SHARE = 0.03;

/**
 * A chart over the time of the run. The pointer or the arrow keys move one cursor through all charts; dragging zooms;
 * buttons switch series; the numbers are in a table below it.
 */
export function LiveChart({ title, atSeconds, panels, marks = [], bands = [] }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const dragFrom = useRef<number | null>(null);
  const [from, to] = zoom.value ?? [0, Math.max(atSeconds.at(-1) ?? 0, 10)];
  const shown = atSeconds.flatMap((at, index) => (at >= from && at <= to ? [index] : []));
  const pick = (values: readonly (number | null)[]): (number | null)[] =>
    shown.map((index) => values[index] ?? null);
  const picture = timeChart({
    description: `${title}, ${formatSeconds(from)} to ${formatSeconds(to)}; the numbers are in the table below`,
    atSeconds: atSeconds.filter((seconds) => seconds >= from && seconds <= to),
    fromSeconds: from,
    toSeconds: to,
    bands: bands.flatMap((band) =>
      band.toSeconds <= from || band.fromSeconds >= to
        ? []
        : { ...band, fromSeconds: Math.max(from, band.fromSeconds), toSeconds: Math.min(to, band.toSeconds) },
    ),
    panels: panels.map((panel) => ({
      ...panel,
      series: panel.series
        .filter(({ name }) => !hidden.value.has(name))
        .map((series) => ({ ...series, values: pick(series.values) })),
    })),
  });
  const secondsAt = (event: PointerEvent): number => {
    const area = box.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return from + Math.min(1, Math.max(0, (event.clientX - area.left) / area.width)) * (to - from);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const [start, end] = [dragFrom.current, secondsAt(event)];
    dragFrom.current = null;
    if (start !== null && Math.abs(end - start) > (to - from) * LEAST_ZOOM_SHARE)
      zoom.value = [Math.min(start, end), Math.max(start, end)];
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      cursor.value = null;
      zoom.value = null;
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      event.preventDefault();
      const step = event.key === 'ArrowRight' ? 1 : -1;
      cursor.value = Math.min(to, Math.max(from, (cursor.value ?? to) + step));
    }
  };
  const at = cursor.value;
  const isShown = (seconds: number): boolean => seconds >= from && seconds <= to;
  const left = (seconds: number): string => `${((seconds - from) / (to - from)) * 100}%`;
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <div class="keys" role="group" aria-label={`Series of ${title}`}>
          {panels.flatMap(({ series }) =>
            series.map(({ name, hue, stroke = 'solid' }) => (
              <button
                key={name}
                type="button"
                class={`key hue-${hue} key-${stroke}`}
                aria-pressed={!hidden.value.has(name)}
                onClick={() => toggle(name)}
              >
                {name}
              </button>
            )),
          )}
          <button
            type="button"
            class="quiet"
            onClick={() => void savePicture(box.current!.querySelector('svg')!, title)}
          >
            Save as PNG
          </button>
          {zoom.value === null ? null : (
            <button type="button" class="quiet" onClick={() => (zoom.value = null)}>
              Show the whole run
            </button>
          )}
        </div>
      </figcaption>
      <div
        ref={box}
        class={`chart-box ${bands.length > 0 ? 'has-stages' : ''}`}
        role="group"
        tabIndex={0}
        aria-label={`${title}: left and right arrow keys move the cursor`}
        onPointerMove={(event) => (cursor.value = secondsAt(event))}
        onPointerLeave={() => (cursor.value = null)}
        onPointerDown={(event) => (dragFrom.current = secondsAt(event))}
        onPointerUp={onPointerUp}
        onKeyDown={onKeyDown}
      >
        {toElement(picture)}
        {marks
          .filter(({ atMs }) => isShown(atMs / 1000))
          .map(({ atMs, kind, text }, index) => (
            <span key={index} class={`mark mark-${kind}`} style={{ left: left(atMs / 1000) }} title={text} />
          ))}
        {at === null || !isShown(at) ? null : (
          <>
            <span class="cursor" style={{ left: left(at) }} />
            <ChartReadout
              at={at}
              isLeft={at > (from + to) / 2}
              atSeconds={atSeconds}
              panels={panels}
              marks={marks}
            />
          </>
        )}
      </div>
      <ChartData title={title} atSeconds={atSeconds} panels={panels} />
    </figure>
  );
}
