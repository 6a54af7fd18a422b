/** Names and values in turn: the run's headers, and a request's own, which take their place whatever their case. */
export function mergeHeaders(
  run: readonly string[],
  own: Readonly<Record<string, string>> | undefined,
): string[] {
  const headers: string[] = [];
  for (const name in own) headers.push(name, own[name]!);
  const ownLength = headers.length;
  for (let i = 0; i + 1 < run.length; i += 2) {
    if (ownLength === 0 || !hasHeader(headers, run[i]!, ownLength)) headers.push(run[i]!, run[i + 1]!);
  }
  return headers;
}

/** @param name in lower case @param length looks no further */
export function hasHeader(headers: readonly string[], name: string, length = headers.length): boolean {
  for (let i = 0; i < length; i += 2) {
    // Most names differ in length: no need to change their case.
    if (headers[i]!.length === name.length && headers[i]!.toLowerCase() === name) return true;
  }
  return false;
}
