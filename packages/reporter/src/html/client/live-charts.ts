import { nearest, showCursor } from './chart-cursor.ts';
import { clampView, showView } from './chart-zoom.ts';
import { WHOLE, findTimePlots, type TimePlot, type View } from './time-plot.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
/** A shorter drag is a click. */
const LEAST_DRAG_PX = 8;

/** One cursor and one zoom for all charts over time: by pointer, and by keyboard. */
export function setUpCharts(): void {
  const plots = findTimePlots();
  let view: View = WHOLE;
  let index: number | undefined;
  const look = (next: View) => {
    view = clampView(next);
    showView(plots, view);
    showCursor(plots, index, view);
  };
  const point = (next: number | undefined) => {
    index = next;
    showCursor(plots, index, view);
  };
  for (const plot of plots) {
    followPointer(plot, () => view, point, look);
    followKeys(plot, {
      step: (by) => point(stepped(plot, view, index, by)),
      edge: (last) => point(last ? plot.positions.length - 1 : 0),
      zoom: (factor) => look(zoomed(view, plot.positions[index ?? -1], factor)),
      reset: () => look(WHOLE),
    });
    plot.place.addEventListener('blur', () => plot.legend?.removeAttribute('aria-live'));
  }
}

function stepped(plot: TimePlot, view: View, index: number | undefined, by: number): number {
  const first = plot.positions.findIndex((position) => position >= view.from);
  const last = plot.positions.findLastIndex((position) => position <= view.to);
  const now = index ?? (by > 0 ? first - 1 : last + 1);
  return Math.min(last, Math.max(first, now + by));
}

function zoomed(view: View, center: number | undefined, factor: number): View {
  const middle = center ?? (view.from + view.to) / 2;
  const width = (view.to - view.from) * factor;
  return { from: middle - width / 2, to: middle + width / 2 };
}

function followPointer(
  { place, positions }: TimePlot,
  current: () => View,
  point: (index: number | undefined) => void,
  look: (view: View) => void,
): void {
  let dragFrom: number | undefined;
  const unitsAt = (clientX: number): number => {
    const box = place.getBoundingClientRect();
    const { from, to } = current();
    return from + ((clientX - box.left) / box.width) * (to - from);
  };
  place.addEventListener('pointermove', ({ clientX }) => point(nearest(positions, unitsAt(clientX))));
  place.addEventListener('pointerleave', () => point(undefined));
  place.addEventListener('pointerdown', ({ clientX, pointerType }) => {
    dragFrom = pointerType === 'mouse' ? clientX : undefined;
  });
  place.addEventListener('pointerup', ({ clientX }) => {
    if (dragFrom !== undefined && Math.abs(clientX - dragFrom) >= LEAST_DRAG_PX) {
      const [a, b] = [unitsAt(dragFrom), unitsAt(clientX)];
      look({ from: Math.min(a, b), to: Math.max(a, b) });
    }
    dragFrom = undefined;
  });
  place.addEventListener('dblclick', () => look(WHOLE));
}

function followKeys(
  { place, legend }: TimePlot,
  act: {
    readonly step: (by: number) => void;
    readonly edge: (last: boolean) => void;
    readonly zoom: (factor: number) => void;
    readonly reset: () => void;
  },
): void {
  place.addEventListener('keydown', (event) => {
    const { key } = event;
    const step = STEPS[key];
    if (step !== undefined) act.step(step);
    else if (key === 'Home' || key === 'End') act.edge(key === 'End');
    else if (key === '+' || key === '-') act.zoom(key === '+' ? 0.5 : 2);
    else if (key === 'Escape') act.reset();
    else return;
    event.preventDefault();
    legend?.setAttribute('aria-live', 'polite');
  });
}
