import { isObject, listOf, memberOf, objectOf, textOf, type JsonObject } from './json.ts';
import { Dynamic, type Pair } from './model.ts';
import { dereferenced } from './openapi-document.ts';
import type { Secrets } from './secrets.ts';

/** What an operation needs to be allowed: secrets of the environment. */
export interface Security {
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
}

/** The first alternative of the operation, or else of the document, that needs something. */
export function securityOf(document: JsonObject, operation: JsonObject, secrets: Secrets): Security {
  const asked = operation['security'] ?? document['security'];
  const [first] = listOf(asked).filter((each) => isObject(each) && Object.keys(each).length > 0);
  const schemes = objectOf(
    memberOf(document['components'], 'securitySchemes') ?? document['securityDefinitions'],
  );
  const headers: Pair[] = [];
  const query: Pair[] = [];
  for (const name of Object.keys(objectOf(first))) {
    const scheme = objectOf(dereferenced(document, Object.hasOwn(schemes, name) ? schemes[name] : undefined));
    const of = `security scheme ${name}`;
    const parameter = textOf(scheme['name']);
    if (scheme['type'] === 'apiKey' && parameter !== '') {
      const key = secrets.unset(parameter, of);
      if (scheme['in'] === 'query') query.push([parameter, key]);
      else if (scheme['in'] === 'cookie')
        headers.push(['cookie', new Dynamic([`${parameter}=`, ...key.parts])]);
      else headers.push([parameter, key]);
    } else if (scheme['type'] === 'basic' || textOf(scheme['scheme']).toLowerCase() === 'basic') {
      const credentials = secrets.unset('basic credentials', `${of}: user:password in base64`);
      headers.push(['authorization', new Dynamic(['Basic ', ...credentials.parts])]);
    } else if (['http', 'oauth2', 'openIdConnect'].includes(textOf(scheme['type']))) {
      headers.push(['authorization', new Dynamic(['Bearer ', ...secrets.unset('token', of).parts])]);
    }
  }
  return { headers, query };
}
