import { sampleTruth } from './analytic.js';

/**
 * The accuracy cases of streams, S1 to S6: what the server does, and what follows from it by arithmetic. Times in milliseconds.
 *
 * @typedef {object} StreamCase
 * @property {number} rate streams per second
 * @property {number} seconds
 * @property {'uniform' | 'poisson'} arrivals
 * @property {number} firstMs from the start of a stream to its first token
 * @property {number} tokens events with content
 * @property {number} gapMs between two of them
 * @property {number} [tokensPerEvent] 1 by default
 * @property {boolean} [dressed] a role event at once, comments between the tokens, characters cut between two writes
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
  S5: {
    rate: 10,
    seconds: 5,
    arrivals: 'uniform',
    firstMs: 200,
    tokens: 20,
    gapMs: 20,
    tokensPerEvent: 3,
    dressed: true,
  },
  S6: { rate: 200, seconds: 1, arrivals: 'uniform', firstMs: 20, tokens: 100, gapMs: 20 },
};

/** Sent before the first token, as soon as the request is read. @param {StreamCase} each */
export function openingOf({ dressed }) {
  return dressed === true ? 'data: {"role":"assistant","text":""}\n\n: keep-alive\n\n' : '';
}

/**
 * The pieces that are written when a token is due, one after another.
 *
 * @param {StreamCase} each
 * @param {number} token
 * @returns {readonly (string | Uint8Array)[]}
 */
export function tokenPieces({ dressed, tokensPerEvent }, token) {
  if (dressed !== true) return [`data: ${token}\n\n`];
  const event = JSON.stringify({ text: 'größe', tokens: tokensPerEvent });
  const bytes = Buffer.from(`: keep-alive\n\ndata: ${event}\n\n`);
  const middle = bytes.indexOf(0xc3) + 1;
  return [bytes.subarray(0, middle), bytes.subarray(middle)];
}

export const END_OF_STREAM = 'data: [DONE]\n\n';

/**
 * What `decode` makes of an event of a case.
 *
 * @param {{ readonly data: string }} event
 * @returns {import('../../src/model/stream.ts').StreamPart}
 */
export function decodeCase({ data }) {
  if (data === '[DONE]') return { kind: 'done' };
  return data.startsWith('{') ? { kind: 'token', ...JSON.parse(data) } : { kind: 'token', text: data };
}

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
    values.tpot.push((last - first) / (each.tokens * (each.tokensPerEvent ?? 1) - 1));
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
