// @ts-check

/** Reasons about the machine, and remarks that do not change a verdict. */
const OF_THE_MACHINE = new Set([
  'machine-limited',
  'machine-busy',
  'generator-limited',
  'unproven',
  'retried',
]);

/**
 * The reason of a run that is not valid only because of the machine; `undefined` for any other run.
 *
 * @param {{ readonly verdict: import('@jarvis-load/engine/result').Verdict }} result
 * @returns {string | undefined}
 */
export function machineLimited({ verdict: { status, reasons } }) {
  if (status !== 'not-valid' || !reasons.every(({ code }) => OF_THE_MACHINE.has(code))) return undefined;
  return reasons.find(({ code }) => code === 'machine-limited')?.text;
}
