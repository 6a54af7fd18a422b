/** The reason of an abort signal, for the document; none where the caller gave none. */
export function reasonOfAbort(reason: unknown): string | undefined {
  if (reason instanceof Error) return reason.name === 'AbortError' ? undefined : reason.message;
  return typeof reason === 'string' ? reason : undefined;
}
