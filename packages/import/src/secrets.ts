import { isSecretName } from '@jarvis-load/engine';
import { mapValues, type Place } from './map-values.ts';
import { Dynamic, type ImportedRequest, type SecretVariable, type Value } from './model.ts';
import { Names, wordsOf } from './names.ts';

/** The prefix keeps a foreign file from naming a variable of something else. */
const PREFIX = 'LOAD_';
const SCHEME = /^(Bearer|Basic|Token|ApiKey|JWT|Digest|Negotiate|AWS4-HMAC-SHA256)\s+(?=\S)/i;
const JSON_WEB_TOKEN = /^eyJ[\w-]{8,}\.[\w-]+\.[\w-]*$/;
const OTHER_SECRET_NAME =
  /^(x[_-])?(api|app|access|auth|private|subscription|functions)[_-]?(key|token|secret)s?$|(^|[_-])(sig|signature|otp|pin|cvc|cvv)$|^(x-auth|key|auth|ocp-apim-subscription-key)$/i;
const PLACES: Readonly<Record<Place['kind'], string>> = {
  param: 'path parameter',
  query: 'query parameter',
  header: 'header',
  field: 'field',
  text: 'body',
};

function isSecret(value: string, { kind, name }: Place): boolean {
  if (JSON_WEB_TOKEN.test(value)) return true;
  if (kind === 'text' || value === '') return false;
  return isSecretName(name) || (kind !== 'param' && OTHER_SECRET_NAME.test(name));
}

/**
 * Gives secrets names of variables, the same secret the same one. Readers have one for secrets without a value (`unset`);
 * `writeTest` makes another, with those of the reader as `known`, and moves the values (`move`), after `correlate`.
 */
export class Secrets {
  readonly #names = new Names();
  readonly #byValue = new Map<string, SecretVariable>();

  /** @param known variables that have names already */
  constructor(known: readonly SecretVariable[] = []) {
    for (const each of known) this.#byValue.set(`\0${this.#names.take(each.name, '')}`, each);
  }

  /** A variable for what has no value yet. @param hint words of its name @param of what it is */
  unset(hint: string, of: string): Dynamic {
    return new Dynamic([{ kind: 'secret', name: this.#variableOf(`\0${hint}`, hint, of).name }]);
  }

  /** The request with its secrets replaced by variables. */
  move(request: ImportedRequest): ImportedRequest {
    return mapValues(request, (value, place) => this.#moved(value, place));
  }

  list(): readonly SecretVariable[] {
    return [...this.#byValue.values()];
  }

  #moved(value: Value, place: Place): Value {
    if (typeof value !== 'string' || !isSecret(value, place)) return value;
    const [scheme = '', word = ''] = (place.kind === 'header' ? SCHEME.exec(value) : null) ?? [];
    const secret = value.slice(scheme.length);
    const hint =
      word === ''
        ? place.name === ''
          ? 'token'
          : place.name
        : word.toLowerCase() === 'basic'
          ? 'basic credentials'
          : 'token';
    const { name } = this.#variableOf(secret, hint, `${PLACES[place.kind]} ${place.name}`.trim());
    return new Dynamic([scheme, { kind: 'secret', name }]);
  }

  #variableOf(key: string, hint: string, of: string): SecretVariable {
    let found = this.#byValue.get(key);
    if (found === undefined) {
      const words = wordsOf(hint).join('_').toUpperCase().slice(0, 40);
      found = { name: this.#names.take(`${PREFIX}${words === '' ? 'SECRET' : words}`, ''), of };
      this.#byValue.set(key, found);
    }
    return found;
  }
}
