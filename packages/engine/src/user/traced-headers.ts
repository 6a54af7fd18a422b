import { randomFillSync } from 'node:crypto';
import type { Random } from '../random.ts';
import { TRACE_PARENT, traceParentLine } from '../transport/trace-context.ts';
import { RunHeaders, type RequestHead } from './run-headers.ts';

/** Which requests of a run carry a `traceparent`. */
export interface TraceSampling {
  /** Share of the requests, above 0 and at most 1. */
  readonly share: number;
  /** Chooses the requests. */
  readonly random: Random;
}

/**
 * Headers of a run that add a `traceparent` to a share of the requests. A class of its own, so that runs without traces
 * pay nothing for them.
 *
 * Must hold:
 * - `with` is called once for each request: it draws from the random stream of the thread. The seed of the run decides which
 *   requests are chosen; ids are drawn anew in each run, so that two runs with the same seed never share a trace.
 * - The headers of the run have no `traceparent`: `resolveOptions` rejects it together with a share.
 */
export class TracedHeaders extends RunHeaders {
  readonly #sampling: TraceSampling;

  /** @param headers names in lower case. @throws RequestProblem */
  constructor(headers: Readonly<Record<string, string>>, sampling: TraceSampling) {
    super(headers);
    this.#sampling = sampling;
  }

  override with(own: Readonly<Record<string, string>> | undefined, contentType?: string): RequestHead {
    const { head, host, close } = super.with(own, contentType);
    const { share, random } = this.#sampling;
    // A request with a `traceparent` of its own is sent unchanged.
    if (random() >= share || setsTraceParent(own)) return { head, host, close };
    return { head: nextLine() + head, host, close };
  }
}

function setsTraceParent(own: Readonly<Record<string, string>> | undefined): boolean {
  for (const name in own) if (name.toLowerCase() === TRACE_PARENT) return true;
  return false;
}

const TRACE_ID_BYTES = 16;
const BYTES = TRACE_ID_BYTES + 8;
/** Random bytes for this many requests are drawn at once. */
const POOL = Buffer.alloc(BYTES * 512);
let used = POOL.length;

function nextLine(): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const parent = used + TRACE_ID_BYTES;
  const line = traceParentLine(
    POOL.toString('hex', used, parent),
    POOL.toString('hex', parent, parent + BYTES - TRACE_ID_BYTES),
  );
  used += BYTES;
  return line;
}
