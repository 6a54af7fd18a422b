/**
 * Turns the entries of a legend into buttons that show and hide their series, found by `data-series` in the same figure: names of
 * series are unique in a chart.
 */
export function makeSeriesSwitches(): void {
  for (const entry of document.querySelectorAll<HTMLElement>('.legend li[data-series]')) {
    const figure = entry.closest('figure');
    const drawn = [...(figure?.querySelectorAll<SVGElement>('.chart-series') ?? [])].filter(
      (series) => series.dataset['series'] === entry.dataset['series'],
    );
    if (drawn.length === 0) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...[...entry.childNodes].filter((node) => !(node instanceof HTMLOutputElement)));
    button.setAttribute('aria-pressed', 'true');
    button.addEventListener('click', () => {
      const shown = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(shown));
      for (const series of drawn) series.classList.toggle('off', !shown);
    });
    entry.prepend(button);
  }
}
