/**
 * Shorter values would blank ordinary words: what is shorter is only replaced where its name says that it is a secret.
 * `Redactor` finds a form by its first characters, as many as this: no form may be shorter.
 */
export const SHORTEST_SECRET = 4;

const LONE_SURROGATES = /\p{Surrogate}/gu;
/** How frameworks write the five characters of HTML: Node, Python, Go, Java. */
const HTML: readonly Readonly<Record<string, string>>[] = [
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": "'" },
];

function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asciiOnly(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A secret in the forms in which a page may repeat it: as it is, in JSON, in a URL, in HTML, in base64. */
export function secretForms(secret: string): readonly string[] {
  const url = encodeURIComponent(secret.replace(LONE_SURROGATES, '\ufffd'));
  // `URLSearchParams` and forms also escape these.
  const form = url
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const json = jsonText(secret);
  const texts = [secret, json, asciiOnly(json), json.replaceAll('/', '\\/'), jsonText(json)];
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    ...new Set([
      ...texts,
      ...texts.flatMap((text) =>
        HTML.map((entities) => text.replace(/[&<>"']/g, (character) => entities[character]!)),
      ),
      ...[url, form].flatMap((each) => [
        each,
        each.replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase()),
      ]),
      `${base64}${'='.repeat((4 - (base64.length % 4)) % 4)}`,
      base64,
      base64.replaceAll('+', '-').replaceAll('/', '_'),
    ]),
  ];
}
