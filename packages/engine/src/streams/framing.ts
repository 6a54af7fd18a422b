import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { StreamEvent, StreamFormat } from '../model/stream.ts';

/**
 * Divides a streamed body into events. What `onEvent` throws, and the error for an event that is too long, come out of `push` and
 * `end`: the caller then ends the stream, as the rest of these bytes is lost.
 */
export interface Framing {
  /** @param bytes valid only during the call; events hold copies. @throws RangeError for an event that is too long */
  push(bytes: Uint8Array): void;
  /** The body is complete: of `ndjson`, hands over a last line without an end; an event of `sse` without its end is dropped. */
  end(): void;
}

/** Most characters of one event: a body without ends of events would otherwise be kept as a whole. */
const MOST_EVENT_CHARACTERS = 2 ** 24;
const NO_BYTES = new Uint8Array(0);

/** @param onEvent called during `push` and `end` */
export function createFraming(format: StreamFormat, onEvent: (event: StreamEvent) => void): Framing {
  switch (format) {
    case 'sse':
      return serverSentEvents(onEvent);
    case 'ndjson':
      return lines(onEvent);
    case 'chunked':
    // Messages do not come as a body.
    case 'websocket':
      return {
        push: (bytes) => onEvent({ event: '', data: '', bytes: Uint8Array.from(bytes) }),
        end: () => undefined,
      };
  }
}

/** Characters of UTF-8 may be cut between two pieces of the body; the decoder keeps the first half. */
function serverSentEvents(onEvent: (event: StreamEvent) => void): Framing {
  const decoder = new StringDecoder('utf8');
  const parser = createParser({
    onEvent: ({ event, data }) => onEvent({ event: event ?? 'message', data, bytes: NO_BYTES }),
    onError: (error) => {
      // Unknown fields and wrong retry times are to be ignored (WHATWG HTML, 9.2.6).
      if (error.type === 'max-buffer-size-exceeded') throw tooLong();
    },
    maxBufferSize: MOST_EVENT_CHARACTERS,
  });
  return {
    push: (bytes) => parser.feed(decoder.write(bytes)),
    // An event that no empty line has ended is discarded (WHATWG HTML, 9.2.6).
    end: () => undefined,
  };
}

function lines(onEvent: (event: StreamEvent) => void): Framing {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const line = (text: string): void => {
    const data = text.trim();
    if (data !== '') onEvent({ event: '', data, bytes: NO_BYTES });
  };
  return {
    push(bytes) {
      const parts = (rest + decoder.write(bytes)).split('\n');
      rest = parts.pop()!;
      if (rest.length > MOST_EVENT_CHARACTERS) throw tooLong();
      for (const part of parts) line(part);
    },
    end() {
      line(rest + decoder.end());
      rest = '';
    },
  };
}

function tooLong(): Error {
  return new RangeError(`an event is longer than ${MOST_EVENT_CHARACTERS} characters`);
}
