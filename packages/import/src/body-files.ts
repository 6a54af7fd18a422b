import { braces, call, around, type Source } from './layout.ts';
import { camelName, type Names } from './names.ts';
import { literal } from './source-text.ts';

interface WantedFile {
  readonly path: string;
  readonly name?: string;
  readonly type?: string;
}

/** Files that are sent as bodies or parts of them; each is a constant of the test file. */
export class BodyFiles {
  readonly #variables = new Map<string, { readonly variable: string; readonly wanted: WantedFile }>();
  readonly #names: Names;
  readonly #locate: (path: string) => string;

  /** @param locate the path as a URL relative to the test file */
  constructor(names: Names, locate: (path: string) => string) {
    this.#names = names;
    this.#locate = locate;
  }

  /** The constant of a file. */
  variableOf(wanted: WantedFile): string {
    const key = JSON.stringify([wanted.path, wanted.name, wanted.type]);
    let found = this.#variables.get(key);
    if (found === undefined) {
      const name = camelName((wanted.path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, ''));
      found = { variable: this.#names.take(name, 'content'), wanted };
      this.#variables.set(key, found);
    }
    return found.variable;
  }

  paths(): readonly string[] {
    return [...new Set([...this.#variables.values()].map(({ wanted }) => wanted.path))];
  }

  declarations(): readonly Source[] {
    return [...this.#variables.values()].map(({ variable, wanted: { path, name, type } }) => {
      const options = [
        ...(name === undefined ? [] : [`name: ${literal(name)}`]),
        ...(type === undefined ? [] : [`type: ${literal(type)}`]),
      ];
      const url = `new URL(${literal(this.#locate(path))}, import.meta.url)`;
      const made = call('file', options.length === 0 ? [url] : [url, braces(options)]);
      return around(`const ${variable} = `, made, ';');
    });
  }
}
