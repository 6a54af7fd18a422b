import { AREA_WIDTH, formatSeconds, placeRow, timeTicks } from '@jarvis-load/charts';
import type { TimePlot, View } from './time-plot.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** Narrowest view in units: a narrower one would show only a few intervals. */
const LEAST_UNITS = AREA_WIDTH / 50;

/**
 * Shows a part of the run in all charts over time: plot areas are moved, the labels of the time axis replaced. The labels stand
 * where `xLabels` of `packages/charts/src/plot-area.ts` puts them, which `styles/charts.css` hides in a zoomed chart.
 * @param view as `clampView` returns it
 */
export function showView(plots: readonly TimePlot[], view: View): void {
  const zoomed = view.from > 0 || view.to < AREA_WIDTH;
  for (const { place, toSeconds } of plots) {
    for (const area of place.querySelectorAll<SVGElement>('.chart-area')) {
      const height = area.getAttribute('height') ?? '0';
      area.setAttribute('viewBox', `${view.from} 0 ${view.to - view.from} ${height}`);
    }
    place.classList.toggle('zoomed', zoomed);
    const frame = place.querySelector('svg');
    for (const old of place.querySelectorAll('.chart-zoom')) old.remove();
    if (!zoomed || frame === null) continue;
    const seconds = (units: number) => (units / AREA_WIDTH) * toSeconds;
    const [from, to] = [seconds(view.from), seconds(view.to)];
    const ticks = timeTicks(from, to).map((tick) => ({
      at: ((tick - from) / (to - from)) * AREA_WIDTH,
      text: formatSeconds(tick),
    }));
    for (const { at, text: words, anchor, fromWidth } of placeRow(ticks)) {
      const text = document.createElementNS(SVG, 'text');
      text.setAttribute('class', `chart-text chart-zoom${fromWidth === 0 ? '' : ` from-${fromWidth}`}`);
      text.setAttribute('x', `${(at / AREA_WIDTH) * 100}%`);
      text.setAttribute('y', String(Number(frame.getAttribute('height')) - 7));
      text.setAttribute('text-anchor', anchor);
      text.textContent = words;
      frame.append(text);
    }
  }
}

/** A view of at least {@link LEAST_UNITS} within the run. */
export function clampView({ from, to }: View): View {
  const width = Math.min(AREA_WIDTH, Math.max(LEAST_UNITS, to - from));
  const start = Math.min(AREA_WIDTH - width, Math.max(0, from));
  return { from: start, to: start + width };
}
