const probe = document.createElement('span');
probe.hidden = true;

/**
 * Current colour of a custom property, resolved through an element because a canvas does not support `light-dark()`.
 */
export function colorOf(property: string, alpha = 1): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(--${property})`;
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}
