import { setUpCharts } from './live-charts.ts';
import { makeSeriesSwitches } from './switch-series.ts';
import { makeSortable } from './sort-table.ts';
import { setUpTheme } from './theme.ts';
import { setUpCopy } from './copy.ts';

for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table);
setUpCharts();
makeSeriesSwitches();
setUpTheme();
setUpCopy();
