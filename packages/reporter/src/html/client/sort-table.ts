/**
 * Turns the headings of a table into buttons that sort its rows; total rows stay at the end. A cell is sorted by its number
 * `data-sort`, else by its text; a column of class `number` in descending order first (`table.ejs`).
 */
export function makeSortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (body === undefined || body.rows.length < 2) return;
  headings.forEach((heading, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener('click', () => {
      const numeric = heading.classList.contains('number');
      const before = heading.getAttribute('aria-sort');
      const descending = before === null ? numeric : before === 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const rows = [...body.rows].sort((a, b) => {
        const fixed = Number(a.classList.contains('total')) - Number(b.classList.contains('total'));
        const order = compare(a.cells[column], b.cells[column]);
        return fixed === 0 ? (descending ? -order : order) : fixed;
      });
      body.append(...rows);
    });
  });
}

function compare(a: HTMLElement | undefined, b: HTMLElement | undefined): number {
  const [x, y] = [a?.dataset['sort'], b?.dataset['sort']];
  if (x !== undefined && y !== undefined) return Number(x) - Number(y);
  return (a?.textContent ?? '').localeCompare(b?.textContent ?? '', 'en', { numeric: true });
}
