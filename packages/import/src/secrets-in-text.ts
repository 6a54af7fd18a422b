import { namesSecret, namesSecretNumber } from './secret-names.ts';

/*
 * Secrets within a text of unknown form: JSON, XML, forms, GraphQL, YAML, multipart, also within one another, such as JSON in a
 * field of a form.
 *
 * Must hold:
 * - Rather too much is moved than too little.
 * - Behind a name, a value is read only if the name is that of a secret: patterns of names take one pass over a text of megabytes.
 */

/** A secret of a text. */
export interface TextSecret {
  readonly start: number;
  readonly end: number;
  /** As the text has it: `password`. */
  readonly name: string;
}

interface Form {
  /** What stands before a value, with the group `name` unless the form has none. */
  readonly before: RegExp;
  readonly value: RegExp | ((before: RegExpExecArray) => RegExp);
  /** Whether a name is that of a secret. @default namesSecret */
  readonly isSecret?: (name: string) => boolean;
  /** Name of a secret without one. @default token */
  readonly unnamed?: string;
}

const before = (pattern: string): RegExp => new RegExp(pattern, 'gi');
const NAME = String.raw`(?<![\w$.:[\]-])(?<name>[\w.:[\]-]{1,80})`;

const FORMS: readonly Form[] = [
  // "password": "x", password: 'x', password="x"
  { before: before(String.raw`${NAME}["']?\s*[:=]\s*"`), value: /(?:[^"\\]|\\[^])*/y },
  { before: before(String.raw`${NAME}["']?\s*[:=]\s*'`), value: /(?:[^'\\]|\\[^])*/y },
  // The same in JSON that is a text of JSON: \"password\": \"x\"
  {
    before: before(String.raw`${NAME}(?:\\+["'])?\s*[:=]\s*(?<quote>\\+["'])`),
    value: ({ groups }) =>
      new RegExp(String.raw`[^]*?(?=(?<!\\)${groups!['quote']!.replaceAll('\\', '\\\\')}|$)`, 'y'),
  },
  {
    before: before(String.raw`${NAME}\\*"\s*:\s*`),
    value: /-?\d[\d.eE+-]*/y,
    isSecret: namesSecretNumber,
  },
  // <password>x</password>
  {
    before: before(String.raw`<(?<name>[\w.:-]{1,80})(?:\s[^<>]*)?>\s*<!\[CDATA\[`),
    value: /[^]*?(?=\]\]>|$)/y,
  },
  { before: before(String.raw`<(?<name>[\w.:-]{1,80})(?:\s[^<>]*)?>\s*`), value: /[^<]*/y },
  // user%5Bpassword%5D=x&..., and a form of text/plain with one field a line
  {
    before: before(String.raw`(?<![\w$.:%[\]-])(?<name>[\w.:%[\]-]{1,80})=`),
    value: /[^&\r\n"'<>\\][^&\r\n"<>\\]*/y,
  },
  // A part of a multipart body
  {
    before: before(String.raw`\bname="(?<name>[^"\r\n]{1,80})"[^\r\n]*(?:\r?\n[^\r\n]+){0,20}\r?\n\r?\n`),
    value: /[^\r\n]*/y,
  },
  { before: before(String.raw`\bBearer\s+`), value: /[\w.~+/=-]{6,}/y },
  {
    before: before(String.raw`\bBasic\s+`),
    value: /(?=[\w+/-]*[\d=])[\w+/=-]{6,}/y,
    unnamed: 'basic credentials',
  },
  { before: before(String.raw`\b(?=eyJ[\w-]{8})`), value: /[\w-]+\.[\w-]+\.[\w-]*/y },
  // https://ada:x@example.org
  {
    before: before(String.raw`:\/\/[^\s/:@"'<>]{1,80}:`),
    value: /[^\s/@"'<>]{1,200}(?=@)/y,
    unnamed: 'password',
  },
];

/** One line of YAML. Not for texts with braces: in GraphQL it would be the type of a variable. */
const YAML: Form = {
  before: before(String.raw`(?<=^|\n)[ \t]*(?:-[ \t]+)?(?<name>[\w.-]{1,80})[ \t]*:[ \t]+`),
  value: /[^\s"'|>&*[][^\r\n]*/y,
};

/** The secrets in a text, in order, none within another. */
export function secretsInText(text: string): readonly TextSecret[] {
  const found = [...FORMS, ...(text.includes('{') ? [] : [YAML])].flatMap((form) => secretsOf(text, form));
  const ordered = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let last = 0;
  return ordered.filter(({ start, end }) => {
    if (start < last) return false;
    last = end;
    return true;
  });
}

function secretsOf(text: string, form: Form): TextSecret[] {
  const { isSecret = namesSecret, unnamed = 'token' } = form;
  const plain = new Set<string>();
  const found: TextSecret[] = [];
  for (const match of text.matchAll(form.before)) {
    const given = match.groups?.['name'];
    if (given !== undefined && plain.has(given)) continue;
    const name = given === undefined ? unnamed : decoded(given);
    if (given !== undefined && !isSecret(name)) {
      plain.add(given);
      continue;
    }
    const value = typeof form.value === 'function' ? form.value(match) : form.value;
    const start = match.index + match[0].length;
    value.lastIndex = start;
    const length = value.exec(text)?.[0].trimEnd().length ?? 0;
    if (length > 0) found.push({ start, end: start + length, name });
  }
  return found;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
