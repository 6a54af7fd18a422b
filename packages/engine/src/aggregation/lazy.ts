/** An object whose properties are computed when first read, and then kept. */
export interface Lazy<T> {
  readonly value: T;
  /** From now on a property that was not read throws. */
  close(): void;
}

/** @param refuse throws what reading a property too late throws */
export function lazy<T extends object>(
  makers: { readonly [Name in keyof T]-?: () => T[Name] },
  refuse: (name: string) => never,
): Lazy<T> {
  let open = true;
  const value: Partial<T> = {};
  for (const [name, make] of Object.entries<() => unknown>(makers)) {
    let made: { readonly value: unknown } | undefined;
    Object.defineProperty(value, name, {
      enumerable: true,
      get: () => (made ??= { value: open ? make() : refuse(name) }).value,
    });
  }
  return {
    value: value as T,
    close: () => {
      open = false;
    },
  };
}
