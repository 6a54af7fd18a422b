/** A tag `operation` among those of a selector, whose names and values may be quoted (`parseSelector` of the engine). */
const OPERATION =
  /^[^{]*\{(?:(?:[^{}'"]|'[^']*'|"[^"]*")*,)?\s*(?:operation|'operation'|"operation")\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,{}'"][^,{}]*))\s*[,}]/;

/** The operation that a promise such as `http_req_duration{operation:chat.send,status:200} p(95)<500` selects; undefined: all. */
export function operationOfSelector(promise: string): string | undefined {
  const [, single, double, bare] = OPERATION.exec(promise) ?? [];
  return single ?? double ?? bare?.trim();
}
