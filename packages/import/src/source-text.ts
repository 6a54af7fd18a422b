/*
 * The only places where text of a foreign file becomes source, but for identifiers (`Names`, `Secrets`) and the patterns of
 * `collectTokens`: whatever it holds, it cannot end its literal, key or comment and become code, which `jarvis-load` would run. Each
 * function is for its own place in the source.
 */

/** Text as a literal of the test file. */
export function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  if (text.includes("'") && !text.includes('"')) return escapeSeparators(`"${inner}"`);
  // In JSON each double quote is escaped, so that `\"` is always an escaped one.
  return escapeSeparators(`'${inner.replaceAll('\\"', '"').replaceAll("'", String.raw`\'`)}'`);
}

/** Text as the static part of a template literal. */
export function templatePart(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return escapeSeparators(inner.replaceAll('`', '\\`').replaceAll('$', String.raw`\$`));
}

/** Editors and older parsers take these for line ends. */
function escapeSeparators(source: string): string {
  return source.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** The name of a property in an object literal. */
export function propertyKey(name: string): string {
  // Without brackets it would set the prototype.
  if (name === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(name) ? name : literal(name);
}

/** Access to a property: `.name` or `['odd name']`. */
export function propertyAccess(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${literal(name)}]`;
}

/** Text as a comment of one line, cut where it is long. */
export function comment(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  // Not within a pair of surrogates.
  const cut = /^.{0,100}/u.exec(line)?.[0] ?? '';
  const shown = cut.length < line.length ? `${cut}...` : line;
  return `// ${shown}`;
}
