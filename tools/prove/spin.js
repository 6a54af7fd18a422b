// @ts-check
/** Child process that keeps a processor busy until its parent is gone. */
process.on('disconnect', () => process.exit());

const TURN_MS = 20;

function spin() {
  const endMs = performance.now() + TURN_MS;
  while (performance.now() < endMs);
  // A turn of the event loop in between hears that the parent has ended.
  setImmediate(spin);
}
spin();
