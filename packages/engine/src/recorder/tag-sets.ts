import type { Tags } from '../model/tags.ts';

/**
 * Most sets of tags counted separately: of the requests of an operation, or the groups of a scenario. Limited, because values that
 * contain an id would grow without bound.
 */
export const MAX_TAG_SETS = 100;

/** Value of each tag of the sets beyond {@link MAX_TAG_SETS}. */
export const OTHER_TAGS = '(other)';

/** The same text for the same tags in the same order. */
function keyOfTags(tags: Tags): string {
  let key = '';
  for (const name in tags) key += `${name}\u0000${tags[name]}\u0001`;
  return key;
}

/** The tags under which sets beyond the limit are counted. */
function otherTags(tags: Tags): Tags {
  return Object.fromEntries(Object.keys(tags).map((name) => [name, OTHER_TAGS]));
}

/**
 * Parts by set of tags: the first {@link MAX_TAG_SETS}, and for the rest one for each set of names. A set stays: its owner can only
 * reset the part.
 */
export class TagSets<Part> {
  readonly #parts = new Map<string, { readonly tags: Tags; readonly part: Part }>();
  readonly #make: () => Part;

  constructor(make: () => Part) {
    this.#make = make;
  }

  get size(): number {
    return this.#parts.size;
  }

  of(tags: Tags): Part {
    const key = keyOfTags(tags);
    const found = this.#parts.get(key);
    if (found !== undefined) return found.part;
    return this.#parts.size < MAX_TAG_SETS ? this.#add(key, tags) : this.#rest(otherTags(tags));
  }

  #rest(tags: Tags): Part {
    const key = keyOfTags(tags);
    return this.#parts.get(key)?.part ?? this.#add(key, tags);
  }

  #add(key: string, tags: Tags): Part {
    const part = this.#make();
    this.#parts.set(key, { tags: { ...tags }, part });
    return part;
  }

  *[Symbol.iterator](): Generator<readonly [tags: Tags, part: Part]> {
    for (const { tags, part } of this.#parts.values()) yield [tags, part];
  }
}
