/** The reason of an abort signal, for the document; none for an `AbortError`, the default, and for what is neither error nor text. */
export function reasonOfAbort(reason: unknown): string | undefined {
  if (reason instanceof Error) return reason.name === 'AbortError' ? undefined : reason.message;
  return typeof reason === 'string' ? reason : undefined;
}
