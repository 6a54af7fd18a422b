const probe = document.createElement('span');
probe.hidden = true;

/** The colour that a custom property has now; a canvas cannot read `light-dark()` itself. */
export function colorOf(property: string, alpha = 1): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(--${property})`;
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}
