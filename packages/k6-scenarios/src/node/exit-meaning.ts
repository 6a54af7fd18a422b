/**
 * Meaning of a k6 exit code (k6's errext/exitcodes), as kind and text.
 * - `ran`: to its end; the outcomes of thresholds are in the summary
 * - `stopped`: ended by a signal, the REST API or the script
 * - `refused`: did not start, because of its input
 * - `failed`: crashed or could not continue
 */
export interface K6ExitMeaning {
  readonly kind: 'ran' | 'stopped' | 'refused' | 'failed';
  readonly text: string;
}

const MEANINGS: Readonly<Record<number, K6ExitMeaning>> = {
  0: { kind: 'ran', text: 'passed' },
  97: { kind: 'failed', text: 'the cloud run failed' },
  98: { kind: 'failed', text: 'the progress of the cloud run could not be read' },
  99: { kind: 'ran', text: 'thresholds failed' },
  100: { kind: 'failed', text: 'setup took too long' },
  101: { kind: 'failed', text: 'teardown took too long' },
  102: { kind: 'failed', text: 'something took too long' },
  103: { kind: 'stopped', text: "stopped through k6's REST API" },
  104: { kind: 'refused', text: 'the options are invalid' },
  105: { kind: 'stopped', text: 'stopped by a signal' },
  106: { kind: 'refused', text: "k6's REST API could not be started" },
  107: { kind: 'failed', text: 'the script threw an exception in its init phase, in setup or in teardown' },
  108: { kind: 'stopped', text: 'the script ended the test' },
  109: { kind: 'failed', text: 'k6 itself crashed' },
  110: { kind: 'ran', text: 'the script marked the test as failed' },
  // Unknown flags, and all errors without a code of their own.
  255: { kind: 'refused', text: 'k6 rejected its command line, or failed for another reason' },
};

/** Looks up an exit code; an unknown one is a failure. */
export function meaningOfExit(exitCode: number): K6ExitMeaning {
  return MEANINGS[exitCode] ?? { kind: 'failed', text: `exit code ${exitCode}` };
}
