// @ts-check
/** Child process that keeps a processor busy until its parent ends. */
process.on('disconnect', () => process.exit());

const TURN_MS = 20;

function spin() {
  const endMs = performance.now() + TURN_MS;
  while (performance.now() < endMs);
  // Return to the event loop after each turn, so that the `disconnect` event is handled.
  setImmediate(spin);
}
spin();
