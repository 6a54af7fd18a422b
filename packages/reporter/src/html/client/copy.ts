/** Copy button for the command (ids of `report.ejs`), in browsers that allow clipboard access. */
export function setUpCopy(): void {
  const button = document.getElementById('copy');
  const command = document.getElementById('command');
  if (button === null || command === null || navigator.clipboard === undefined) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(command.textContent ?? '').then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Not allowed here'),
    );
  });
}
