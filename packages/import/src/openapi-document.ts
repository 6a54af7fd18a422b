import { reasonOf } from '@jarvis-load/engine/show';
import { bundle, type FileInfo } from '@apidevtools/json-schema-ref-parser';
import { dirname, sep } from 'node:path';
import { parse } from 'yaml';
import { ImportError } from './import-error.ts';
import { isObject, memberOf, parseJson, wordOf, type JsonObject } from './json.ts';

const MOST_REFERENCES = 50;

/**
 * Parses an OpenAPI document, JSON or YAML. References into other files are read where those lie in the folder of the
 * document; none is fetched over the network, because a document may name any address.
 *
 * @param name of the document, for errors
 * @param path of the document; undefined: it has none, and references to files are an error
 * @throws ImportError for text that is neither JSON nor YAML, another kind or version of document, an unreadable reference
 */
export async function openapiDocument(
  text: string,
  name: string,
  path: string | undefined,
): Promise<JsonObject> {
  let parsed: unknown;
  try {
    const plain = text.replace(/^\uFEFF/, '');
    // JSON is YAML, too; its own parser takes a tenth of the time.
    parsed = parseJson(plain) ?? parse(plain, { logLevel: 'silent' });
  } catch (cause) {
    const reason = firstLineOf(reasonOf(cause));
    throw new ImportError(
      `${name} is neither JSON nor YAML: ${reason}`,
      'an OpenAPI document',
      undefined,
      cause,
    );
  }
  const version = wordOf(memberOf(parsed, 'openapi')) || wordOf(memberOf(parsed, 'swagger'));
  if (!isObject(parsed) || !/^(3\.|2\.0$|2$)/.test(version))
    throw new ImportError(
      `${name} is no OpenAPI document${version === '' ? ': it has neither "openapi" nor "swagger"' : ` of a known version: ${version.slice(0, 20)}`}`,
      'OpenAPI 3.x or Swagger 2.0, as JSON or YAML',
    );
  if (!hasFileReferences(parsed)) return parsed;
  const folder = path === undefined ? undefined : `${dirname(path)}${sep}`;
  try {
    return await bundle<JsonObject>(path ?? '/', structuredClone(parsed), {
      resolve: {
        http: false,
        file: {
          order: 1,
          canRead: ({ url }: FileInfo) => folder !== undefined && decodeURI(url).startsWith(folder),
        },
      },
    });
  } catch (cause) {
    const reason = firstLineOf(reasonOf(cause));
    throw new ImportError(
      `${name} refers to a document that cannot be read: ${reason}`,
      'references into the document itself, or to files in its folder',
      'bundle it into one file first',
      cause,
    );
  }
}

function hasFileReferences(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => hasFileReferences(item));
  if (!isObject(value)) return false;
  const reference = value['$ref'];
  if (typeof reference === 'string' && !reference.startsWith('#')) return true;
  return Object.values(value).some((item) => hasFileReferences(item));
}

/** The value, or what its `$ref` leads to in the document; `undefined` where it leads nowhere. */
export function dereferenced(document: JsonObject, value: unknown): unknown {
  let found = value;
  for (let hops = 0; hops < MOST_REFERENCES; hops++) {
    const reference = memberOf(found, '$ref');
    if (typeof reference !== 'string') return found;
    if (!reference.startsWith('#/')) return undefined;
    found = reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, part) => memberOf(at, pointerPart(part)), document);
  }
  return undefined;
}

/** A part of a JSON pointer in a URL (RFC 6901). */
function pointerPart(part: string): string {
  let plain = part;
  try {
    plain = decodeURIComponent(part);
  } catch {
    // A percent sign of the name itself.
  }
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
