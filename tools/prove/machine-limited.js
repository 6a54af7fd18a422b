// @ts-check

/** Reasons that say something of the machine, and remarks that change no verdict. */
const OF_THE_MACHINE = new Set([
  'machine-limited',
  'machine-busy',
  'generator-limited',
  'unproven',
  'retried',
]);

/**
 * The reason of a run that is not valid for nothing but the machine; `undefined` for any other.
 *
 * @param {{ readonly verdict: import('@jarvis-load/engine/result').Verdict }} result
 * @returns {string | undefined}
 */
export function machineLimited({ verdict: { status, reasons } }) {
  if (status !== 'not-valid' || !reasons.every(({ code }) => OF_THE_MACHINE.has(code))) return undefined;
  return reasons.find(({ code }) => code === 'machine-limited')?.text;
}
