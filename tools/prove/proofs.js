// @ts-check
import { capacityProof } from './capacity.js';
import { comparisonMockProof } from './comparison-mock.js';
import { comparisonProof } from './comparison.js';
import { connectionsProof } from './connections.js';
import { journalProof } from './journal.js';
import { locustProof } from './locust.js';
import { machineProof } from './machine.js';
import { streamsProof } from './streams.js';

/** @typedef {Readonly<Record<string, string | undefined>>} Options as typed, by name */

/**
 * A proof that needs many runs: cases that are run again and again, and a table of what came of them.
 *
 * @template Run
 * @typedef {object} Proof
 * @property {string} name as it is typed
 * @property {string} description
 * @property {string} title heading of its document
 * @property {string} document path of the document that holds its table, from the root
 * @property {Readonly<Record<string, { readonly values?: readonly string[], readonly description: string }>>} options
 * @property {(options: Options) => readonly { readonly key: string }[]} cases those that the options name
 * @property {(run: Run) => string} keyOf the case of a run
 * @property {(run: Run, options: Options) => boolean} counts whether a run of the log belongs to what is asked for
 * @property {(each: { readonly key: string }, options: Options) => Promise<Run>} run
 * @property {readonly string[]} columns of the table
 * @property {(each: { readonly key: string }, runs: readonly Run[]) => { readonly cells: readonly string[], readonly holds: boolean | undefined }} row
 */

/** Every proof. To add one, add it here. */
export const PROOFS = [
  machineProof,
  connectionsProof,
  comparisonProof,
  comparisonMockProof,
  journalProof,
  locustProof,
  streamsProof,
  capacityProof,
];
