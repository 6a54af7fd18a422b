import { AREA_WIDTH } from '@jarvis-load/charts';

/** What is shown of all charts over time: units of their plot areas, which are the same times in all of them. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** The whole run. */
export const WHOLE: View = { from: 0, to: AREA_WIDTH };

/**
 * A chart over time, as `chart.ejs` writes it. Position k and row k are one time, output k and column k + 1 one series. All these
 * charts have the same times (`timesOf` of `sections/over-time.ts`): one index and one view serve all of them.
 */
export interface TimePlot {
  /** The element around the SVG. */
  readonly place: HTMLElement;
  /** Units of the plot area of each row of the table. */
  readonly positions: readonly number[];
  readonly toSeconds: number;
  readonly rows: HTMLCollectionOf<HTMLTableRowElement>;
  readonly outputs: readonly HTMLOutputElement[];
  readonly legend: HTMLElement | null;
  readonly cursor: HTMLElement;
}

/** Finds the charts over time, and adds a hidden cursor to each: called once per page. */
export function findTimePlots(): TimePlot[] {
  return [...document.querySelectorAll<HTMLElement>('.plot[data-positions]')].flatMap((place) => {
    const figure = place.closest('figure');
    const rows = figure?.querySelector<HTMLTableElement>('table.numbers')?.tBodies[0]?.rows;
    if (figure === null || rows === undefined) return [];
    const cursor = document.createElement('div');
    cursor.className = 'cursor';
    cursor.hidden = true;
    place.append(cursor);
    place.tabIndex = 0;
    place.setAttribute('role', 'group');
    place.setAttribute(
      'aria-label',
      `Chart: ${place.dataset['title'] ?? ''}. Left and right arrow keys read values; plus and minus zoom, Escape shows all.`,
    );
    return [
      {
        place,
        positions: (place.dataset['positions'] ?? '').split(' ').map(Number),
        toSeconds: Number((place.dataset['range'] ?? '0 1').split(' ')[1]),
        rows,
        outputs: [...figure.querySelectorAll<HTMLOutputElement>('.legend output')],
        legend: figure.querySelector<HTMLElement>('.legend'),
        cursor,
      },
    ];
  });
}
