/**
 * The script of the report, which `build.mjs` bundles into one text. The page is complete without it: every part adds to the
 * page, and does nothing where its elements are missing. Ids, classes and data attributes are those of the files in `templates`
 * and of `packages/charts`; no compiler checks them.
 */
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
