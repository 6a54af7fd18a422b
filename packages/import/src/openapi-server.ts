import { listOf, memberOf, objectOf, textOf, type JsonObject } from './json.ts';

/** Where the operations of a document are. */
export interface OpenapiServer {
  /** Empty: the document does not say. */
  readonly origin: string;
  /** Path before all paths, without a slash at its end. */
  readonly prefix: string;
}

/** The first server of a document. */
export function serverOf(document: JsonObject): OpenapiServer {
  const [first] = listOf(document['servers']);
  const variables = objectOf(memberOf(first, 'variables'));
  const given =
    document['swagger'] === undefined
      ? textOf(memberOf(first, 'url')).replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
          textOf(memberOf(Object.hasOwn(variables, name) ? variables[name] : undefined, 'default')),
        )
      : swaggerAddress(document);
  try {
    const url = new URL(given, 'relative://');
    const origin = url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : '';
    return { origin, prefix: url.pathname.replace(/\/+$/, '') };
  } catch {
    return { origin: '', prefix: '' };
  }
}

function swaggerAddress(document: JsonObject): string {
  const host = textOf(document['host']);
  const basePath = textOf(document['basePath']);
  const schemes = listOf(document['schemes']);
  const scheme = schemes.includes('https') || schemes.length === 0 ? 'https' : textOf(schemes[0]);
  return host === '' ? basePath : `${scheme}://${host}${basePath}`;
}
