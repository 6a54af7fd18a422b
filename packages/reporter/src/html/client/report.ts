import type { ChartData } from '../chart-data.ts';
import { drawChart } from './draw-chart.ts';
import { makeSortable } from './sort-table.ts';
import { setUpTheme } from './theme.ts';
import { setUpCopy } from './copy.ts';

const data = document.getElementById('charts-data')?.textContent ?? '[]';
const charts = (JSON.parse(data) as ChartData[]).flatMap((chart) => {
  const place = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
  return place === null ? [] : [drawChart(place, chart)];
});
for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table);
setUpTheme(() => {
  for (const redraw of charts) redraw();
});
setUpCopy();
