/**
 * Stands for `URL` in a bundle, as k6 has none: `new URL('./rows.csv', import.meta.url)` and addresses as they are.
 */
export class FileUrl {
  readonly href: string;

  constructor(path: string, base: string | FileUrl = '') {
    this.href = /^[a-z][a-z0-9+.-]*:/i.test(path) ? path : resolve(path, base.toString());
  }

  get pathname(): string {
    return this.href.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  }

  toString(): string {
    return this.href;
  }
}

function resolve(path: string, base: string): string {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)(\/[^?#]*)?/i.exec(base);
  if (parts === null) throw new TypeError(`Invalid URL: ${path}`);
  const [, origin = '', folder = '/'] = parts;
  const steps = path.startsWith('/') ? [] : folder.split('/').slice(1, -1);
  for (const step of path.replace(/^\//, '').split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return `${origin}/${steps.join('/')}`;
}
