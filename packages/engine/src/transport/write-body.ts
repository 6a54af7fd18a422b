import type { Writable } from 'node:stream';
import type { BodyFile, StreamedBody } from '../model/flight.ts';
import { AnswerError } from './failure.ts';

/**
 * Writes a body that is read while it is sent, at the pace of the receiver.
 *
 * Must hold: after an error a part of the body may have been sent, so the caller drops the connection (HTTP/2: the stream). It
 * also closes the sink when the request ends early: a full one is waited for until it drains or closes.
 *
 * @param wanted false when the request has ended: reading stops, and `done` is not called
 * @param done called once otherwise: with an error if the content could not be read or has not the announced length. The request
 *   may have ended since the last `wanted`, so it asks again. Errors of the sink are not passed: the sink tells them itself
 */
export function writeBody(
  { parts }: StreamedBody,
  sink: Writable,
  wanted: () => boolean,
  done: (error?: unknown) => void,
): void {
  void writeAll(parts, sink, wanted, done);
}

async function writeAll(
  parts: StreamedBody['parts'],
  sink: Writable,
  wanted: () => boolean,
  done: (error?: unknown) => void,
): Promise<void> {
  try {
    if (await write(parts, sink, wanted)) sink.write('', () => done());
  } catch (error) {
    if (wanted()) done(error);
  }
}

async function write(parts: StreamedBody['parts'], sink: Writable, wanted: () => boolean): Promise<boolean> {
  for (const part of parts) {
    for await (const chunk of part instanceof Uint8Array ? [part] : exactly(part)) {
      if (!wanted()) return false;
      if (!sink.write(chunk) && !sink.destroyed) await drained(sink);
    }
  }
  return wanted();
}

/** The content of a file, which must have the announced length: the next request would start in the rest. */
async function* exactly(part: BodyFile): AsyncIterable<Uint8Array> {
  let left = part.size;
  for await (const chunk of part.stream()) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left === 0) return;
  throw new AnswerError(
    `${part.name ?? 'the body'} is ${left < 0 ? 'longer' : 'shorter'} than the ${part.size} bytes that were announced: it has changed during the run`,
    'request_body',
  );
}

/** Resolves when the sink takes more, or is closed. */
function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      sink.off('drain', go);
      sink.off('close', go);
      resolve();
    };
    sink.on('drain', go);
    sink.on('close', go);
  });
}
