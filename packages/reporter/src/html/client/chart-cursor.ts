import type uPlot from 'uplot';
import type { ChartData } from '../chart-data.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

/** Shows the values at the cursor in the legend, and moves the cursor with the keyboard. */
export function followCursor(plot: uPlot, place: HTMLElement, chart: ChartData): void {
  const legend = place.parentElement?.querySelector('.legend');
  const outputs = [...(legend?.querySelectorAll('output') ?? [])];
  const last = chart.xSeconds.length - 1;
  (plot.hooks.setCursor ??= []).push(() => {
    const index = plot.cursor.idx;
    outputs.forEach((output, series) => {
      const value = typeof index === 'number' ? chart.series[series]?.values[index] : undefined;
      output.textContent = value === undefined || value === null ? '' : format(value);
    });
  });
  place.tabIndex = 0;
  place.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    const edge = event.key === 'Home' ? 0 : event.key === 'End' ? last : undefined;
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    legend?.setAttribute('aria-live', 'polite');
    const now = plot.cursor.idx ?? (step !== undefined && step > 0 ? -1 : last + 1);
    const index = edge ?? Math.min(last, Math.max(0, now + (step ?? 0)));
    plot.setCursor({ left: plot.valToPos(chart.xSeconds[index] ?? 0, 'x'), top: 10 });
  });
  place.addEventListener('blur', () => legend?.removeAttribute('aria-live'));
}

function format(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
