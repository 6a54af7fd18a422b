import { signal } from '@preact/signals';
import { formatSeconds } from '@jarvis-load/charts';
import { reading } from '../format.ts';
import type { ChartProps } from './chart-props.ts';

/** Rows are made only while the table is open: it would be drawn anew each second. */
const openTables = signal<ReadonlySet<string>>(new Set());

function setOpen(title: string, isOpen: boolean): void {
  const next = new Set(openTables.value);
  if (isOpen) next.add(title);
  else next.delete(title);
  openTables.value = next;
}

/** The numbers of a chart as a table. Open tables are known by the title of their chart. */
export function ChartData({ title, atSeconds, panels }: Pick<ChartProps, 'title' | 'atSeconds' | 'panels'>) {
  const series = panels.flatMap((panel) => panel.series);
  const isOpen = openTables.value.has(title);
  return (
    <details class="data" open={isOpen} onToggle={(event) => setOpen(title, event.currentTarget.open)}>
      <summary>Numbers of this chart</summary>
      {!isOpen ? null : (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
          <table>
            <caption class="sr">{title}</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" class="num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {atSeconds.map((seconds, index) => (
                <tr key={seconds}>
                  <th scope="row">{formatSeconds(seconds)}</th>
                  {series.map(({ name, values }) => (
                    <td key={name} class="num">
                      {reading(values[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
