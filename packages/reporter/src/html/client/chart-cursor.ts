import type { TimePlot, View } from './time-plot.ts';

/**
 * Shows the values of one time in the legends of all charts. The index is that of the row and of the position in every chart:
 * all have the same times. Output k of a legend shows cell k + 1 of the row.
 * @param index undefined: no cursor
 */
export function showCursor(plots: readonly TimePlot[], index: number | undefined, view: View): void {
  for (const { positions, rows, outputs, cursor } of plots) {
    const position = index === undefined ? undefined : positions[index];
    const row = index === undefined ? undefined : rows[index];
    const share = position === undefined ? -1 : (position - view.from) / (view.to - view.from);
    cursor.hidden = share < 0 || share > 1;
    cursor.style.left = `${share * 100}%`;
    cursor.textContent = row?.cells[0]?.textContent ?? '';
    cursor.classList.toggle('left', share > 0.85);
    outputs.forEach((output, series) => {
      output.textContent = row?.cells[series + 1]?.textContent ?? '';
    });
  }
}

/** Index of the row that is nearest to a place in the plot area. */
export function nearest(positions: readonly number[], units: number): number {
  let best = 0;
  positions.forEach((position, index) => {
    if (Math.abs(position - units) < Math.abs((positions[best] ?? 0) - units)) best = index;
  });
  return best;
}
