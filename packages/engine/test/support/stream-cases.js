import { sampleTruth } from './analytic.js';

/**
 * The accuracy cases of streams, S1 to S4: what the server does, and what follows from it by arithmetic. Times in milliseconds.
 *
 * @typedef {object} StreamCase
 * @property {number} rate streams per second
 * @property {number} seconds
 * @property {'uniform' | 'poisson'} arrivals
 * @property {number} firstMs from the start of a stream to its first token
 * @property {number} tokens
 * @property {number} gapMs between two tokens
 * @property {{ readonly everyNth: number, readonly ms: number }} [longGap] in place of the middle gap of every nth stream
 * @property {{ readonly fromMs: number, readonly toMs: number }} [hold] tokens that are due in it come at its end
 * @property {number} [connections] most at once; a stream waits for one, first come first served
 * @property {number} [slots] of the server: a stream waits for one, which it keeps until its last token
 * @property {string} [good] objectives of each stream
 */

/** @satisfies {Readonly<Record<string, StreamCase>>} */
export const STREAM_CASES = {
  S1: { rate: 10, seconds: 10, arrivals: 'uniform', firstMs: 200, tokens: 50, gapMs: 20 },
  S2: {
    rate: 20,
    seconds: 20,
    arrivals: 'uniform',
    firstMs: 200,
    tokens: 50,
    gapMs: 20,
    longGap: { everyNth: 20, ms: 1020 },
    good: 'longest gap < 200 ms',
  },
  S3: {
    rate: 50,
    seconds: 10,
    arrivals: 'uniform',
    firstMs: 120,
    tokens: 40,
    gapMs: 15,
    hold: { fromMs: 4000, toMs: 5500 },
  },
  'S3, 40 connections': {
    rate: 50,
    seconds: 10,
    arrivals: 'uniform',
    firstMs: 120,
    tokens: 40,
    gapMs: 15,
    hold: { fromMs: 4000, toMs: 5500 },
    connections: 40,
  },
  S4: { rate: 9, seconds: 40, arrivals: 'poisson', firstMs: 120, tokens: 40, gapMs: 15, slots: 8 },
};

/**
 * When each token is due, from the start of the stream, before any hold.
 *
 * @param {StreamCase} each
 * @param {number} number of the stream, from 0
 */
export function tokenTimes({ firstMs, tokens, gapMs, longGap }, number) {
  const long = longGap !== undefined && number % longGap.everyNth === longGap.everyNth - 1;
  const addedMs = long ? longGap.ms - gapMs : 0;
  return Array.from(
    { length: tokens },
    (_, token) => firstMs + token * gapMs + (token > tokens / 2 ? addedMs : 0),
  );
}

/**
 * @param {StreamCase} each
 * @param {number} dueMs since the start of the load
 */
export function afterHold({ hold }, dueMs) {
  return hold !== undefined && dueMs >= hold.fromMs && dueMs < hold.toMs ? hold.toMs : dueMs;
}

/**
 * The recursion of Kiefer and Wolfowitz (1955) for any number of servers, on the schedule itself: a stream starts at its arrival,
 * or when the connection, or the slot of the server, is free that is free first.
 *
 * @param {StreamCase} each
 * @param {readonly number[]} arrivalsMs ascending
 */
export function streamTruth(each, arrivalsMs) {
  const free = new Float64Array(each.connections ?? each.slots ?? arrivalsMs.length);
  /** @type {Record<'ttft' | 'ttftSent' | 'ttlt' | 'tpot' | 'gap' | 'longestGap', number[]>} */
  const values = { ttft: [], ttftSent: [], ttlt: [], tpot: [], gap: [], longestGap: [] };
  arrivalsMs.forEach((arrivalMs, number) => {
    const server = free.indexOf(Math.min(...free));
    const startMs = Math.max(arrivalMs, free[server] ?? 0);
    // A connection is waited for before the send, a slot after it.
    const sentMs = each.connections === undefined ? arrivalMs : startMs;
    const comes = tokenTimes(each, number).map((ms) => afterHold(each, startMs + ms));
    const first = comes[0] ?? Number.NaN;
    const last = comes.at(-1) ?? Number.NaN;
    free[server] = last;
    const gaps = comes.slice(1).map((ms, token) => ms - (comes[token] ?? Number.NaN));
    values.ttft.push(first - arrivalMs);
    values.ttftSent.push(first - sentMs);
    values.ttlt.push(last - arrivalMs);
    values.tpot.push((last - first) / (each.tokens - 1));
    values.gap.push(...gaps);
    values.longestGap.push(Math.max(...gaps));
  });
  return {
    ttft: sampleTruth(values.ttft),
    ttftSent: sampleTruth(values.ttftSent),
    ttlt: sampleTruth(values.ttlt),
    tpot: sampleTruth(values.tpot),
    gap: sampleTruth(values.gap),
    longestGap: sampleTruth(values.longestGap),
  };
}
