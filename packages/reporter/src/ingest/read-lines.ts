import { StringDecoder } from 'node:string_decoder';

/** Longest line of k6; a longer one is returned in pieces, so that a file without line breaks does not fill the memory. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * The lines of a stream, one batch per chunk: only one chunk and one line are in memory. A carriage return stays in its line.
 * @returns whether the last line ended with a line break
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], { readonly complete: boolean }> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split(
      '\n',
    );
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) {
      lines.push(rest);
      rest = '';
    }
    if (lines.length > 0) yield lines;
  }
  rest += decoder.end();
  if (rest === '') return { complete: true };
  yield [rest];
  return { complete: false };
}
