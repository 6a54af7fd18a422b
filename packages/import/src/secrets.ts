import { mapValues, type Place } from './map-values.ts';
import { Dynamic, type DynamicPart, type ImportedRequest, type SecretVariable, type Value } from './model.ts';
import { Names, wordsOf } from './names.ts';
import { namesKnownSecret, namesSecret, namesSecretNumber } from './secret-names.ts';
import { secretsInText } from './secrets-in-text.ts';

/** The prefix keeps a foreign file from naming a variable of something else. */
const PREFIX = 'LOAD_';
const SCHEME = /^(Bearer|Basic|Token|ApiKey|JWT|Digest|Negotiate|AWS4-HMAC-SHA256)\s+(?=\S)/i;
const JSON_WEB_TOKEN = /^eyJ[\w-]{8,}\.[\w-]+\.[\w-]*$/;
const PLACES: Readonly<Record<Place['kind'], string>> = {
  param: 'path parameter',
  query: 'query parameter',
  header: 'header',
  field: 'field',
  text: 'body',
};

/** Names of a place, the telling one last: `value` of `{ name: 'password', value: 'x' }` is a password. */
function namesOf({ name, of }: Place): readonly string[] {
  return of === undefined || of === '' ? [name] : [name, of];
}

function isSecret(value: string, place: Place): boolean {
  if (JSON_WEB_TOKEN.test(value)) return true;
  if (place.kind === 'text' || value === '') return false;
  return namesOf(place).some(place.kind === 'param' ? namesKnownSecret : namesSecret);
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
    if (value instanceof Dynamic)
      return new Dynamic(
        value.parts.flatMap((part) => (typeof part === 'string' ? this.#partsOf(part, place) : [part])),
        value.as,
      );
    if (typeof value === 'number')
      return place.kind === 'field' && namesOf(place).some(namesSecretNumber)
        ? new Dynamic([this.#secretOf(String(value), place)], 'number')
        : value;
    if (typeof value !== 'string') return value;
    if (!isSecret(value, place)) {
      const parts = this.#partsOf(value, place);
      return parts.every((part) => typeof part === 'string') ? value : new Dynamic(parts);
    }
    const [scheme = '', word = ''] = (place.kind === 'header' ? SCHEME.exec(value) : null) ?? [];
    const hint = word === '' ? undefined : word.toLowerCase() === 'basic' ? 'basic credentials' : 'token';
    return new Dynamic([scheme, this.#secretOf(value.slice(scheme.length), place, hint)]);
  }

  /** A text with the secrets that are somewhere in it as variables. */
  #partsOf(text: string, place: Place): readonly DynamicPart[] {
    const found = secretsInText(text);
    const ends = [0, ...found.map(({ end }) => end)];
    return [
      ...found.flatMap(({ start, end, name }, index) => [
        text.slice(ends[index], start),
        this.#secretOf(text.slice(start, end), { kind: place.kind, name }, name),
      ]),
      text.slice(ends.at(-1)),
    ];
  }

  #secretOf(secret: string, place: Place, hint = namesOf(place).at(-1)!): DynamicPart {
    const of = `${PLACES[place.kind]} ${namesOf(place).at(-1)!}`.trim();
    return { kind: 'secret', name: this.#variableOf(secret, hint === '' ? 'token' : hint, of).name };
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
