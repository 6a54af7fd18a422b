/** The methods of each path, for 405 and its `Allow` header. */
export class AllowedMethods {
  readonly #routes: { readonly pattern: RegExp; readonly methods: string[]; readonly url: string }[] = [];

  /** @param url with `:name` for parameters */
  add(url: string, methods: readonly string[]): void {
    const known = this.#routes.find((route) => route.url === url);
    if (known === undefined) {
      const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
      this.#routes.push({ pattern, methods: [...methods], url });
    } else known.methods.push(...methods);
  }

  /** Empty when the path is unknown. */
  of(path: string): readonly string[] {
    return this.#routes.find(({ pattern }) => pattern.test(path))?.methods ?? [];
  }
}
