/** Answer of a request that could not be done. */
export interface ApiError {
  readonly message: string;
  readonly next: string | null;
}

/** Either the answer or why there is none. */
export type ApiAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };

/** Sends a request to the server of this page. Never rejects. The answer is not checked: `T` is what the route gives. */
export async function call<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<ApiAnswer<T>> {
  try {
    const response = await fetch(`/api${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return { ok: true, value: value as T };
    return { ok: false, error: value as ApiError };
  } catch {
    return { ok: false, error: { message: 'jarvis-load does not answer', next: 'Is it still running?' } };
  }
}
