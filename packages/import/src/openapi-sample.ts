import { sample } from 'openapi-sampler';
import { isObject, memberOf, parseJson, type JsonObject } from './json.ts';
import { dereferenced } from './openapi-document.ts';

/** Values for parameters and bodies: examples of the document, else made from its schemas. */
export class Samples {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** The example of a parameter or a media type, else one that fits its schema; `undefined` where there is neither. */
  of(described: JsonObject, schema: unknown): unknown {
    const example = this.#exampleOf(described);
    return example === undefined ? this.#fromSchema(schema) : example;
  }

  #exampleOf(described: JsonObject): unknown {
    if (described['example'] !== undefined) return described['example'];
    if (described['x-example'] !== undefined) return described['x-example'];
    const examples = described['examples'];
    if (Array.isArray(examples)) return examples[0] as unknown;
    const [first] = isObject(examples) ? Object.values(examples) : [];
    return memberOf(dereferenced(this.#document, first), 'value');
  }

  #fromSchema(schema: unknown): unknown {
    if (!isObject(schema)) return undefined;
    try {
      const made: unknown = sample(schema, { skipReadOnly: true, quiet: true }, this.#document);
      // Dates and undefined members become what is sent.
      return made === undefined ? undefined : parseJson(JSON.stringify(made));
    } catch {
      return undefined;
    }
  }
}
