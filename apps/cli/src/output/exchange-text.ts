/**
 * One request with its answer as text: long bodies cut, secrets redacted, control characters removed.
 *
 * Must hold: URL, headers, bodies and messages of errors pass the redactor, which has learned the secrets of this exchange
 * (`learnSecrets`), before they are cut, so that no half of a secret stays, and again after cleaning, which can join a secret that
 * was split by removed characters. All but the method, which the engine has checked, passes `clean` or `cleanBlock`.
 */
import { isSecretName, REDACTED, type Exchange, type Redactor } from '@jarvis-load/engine';
import { learnSecrets } from '../secrets/learn-secrets.ts';
import { shownText } from '../secrets/shown-text.ts';
import { clean } from './clean-text.ts';

/** Longer strings in a body are cut: base64 audio would fill the screen. */
const LONGEST_STRING = 160;
const LONGEST_BODY = 4000;

function sizeText(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(0)} KiB`;
}

/** Cuts long strings at any depth and adds their length. */
function shorten(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') {
    if (value.length <= LONGEST_STRING) return value;
    return `${shownText(value, redactor).slice(0, 60)}... (${sizeText(Buffer.byteLength(value))})`;
  }
  if (Array.isArray(value)) return value.map((each) => shorten(each, redactor));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shorten(field, redactor)]));
}

function block(text: string, redactor: Redactor): string {
  const shown = shownText(text, redactor);
  const all = `\n... (${sizeText(Buffer.byteLength(text))} in all)`;
  return (shown.length > LONGEST_BODY ? `${shown.slice(0, LONGEST_BODY)}${all}` : shown)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function describeBody(body: unknown, redactor: Redactor): string | undefined {
  if (body === undefined) return undefined;
  return block(JSON.stringify(shorten(redactor.json(body), redactor), null, 2), redactor);
}

function headerLines(headers: Readonly<Record<string, string>>, redactor: Redactor): string[] {
  return Object.entries(redactor.headers(headers)).map(
    ([name, value]) => `    ${clean(name)}: ${clean(value)}`,
  );
}

/** Redacts the values of query parameters with the name of a secret. */
function redactQuery(url: string, redactor: Redactor): string {
  return redactor.text(
    url.replace(/([?&])([^=&]+)=([^&]*)/g, (all, lead: string, name: string) =>
      isSecretName([...new URLSearchParams(name).keys()][0] ?? '') ? `${lead}${name}=${REDACTED}` : all,
    ),
  );
}

function requestBody(exchange: Exchange, redactor: Redactor): string | undefined {
  const { spec, body } = exchange;
  if (body === null) return undefined;
  // As sent: `toJSON` of a value decides.
  if (spec.json !== undefined && typeof body === 'string') return describeBody(JSON.parse(body), redactor);
  if (typeof body === 'string') return block(body, redactor);
  const parts = body instanceof Uint8Array ? [body] : body.parts;
  const sizes = parts.map((part) => (part instanceof Uint8Array ? part.byteLength : part.size));
  return `    (${sizes.reduce((sum, size) => sum + size, 0)} bytes)`;
}

function responseBody(exchange: Exchange, redactor: Redactor): string | undefined {
  const { response } = exchange;
  if (response.status === 0) return undefined;
  const parsed = response.json();
  if (parsed !== undefined) return describeBody(parsed, redactor);
  const type = response.headers['content-type'] ?? '';
  const text = response.text();
  if (text === '') return undefined;
  if (/^(audio|image|video)\/|octet-stream/.test(type))
    return `    (${sizeText(response.bytes().length)} of ${clean(type)})`;
  return block(text, redactor);
}

/** One request with its answer as text, for `--once`. @param redactor gets the secrets of the exchange first */
export function exchangeText(exchange: Exchange, redactor: Redactor): string {
  learnSecrets(redactor, exchange);
  const { response } = exchange;
  const answer =
    response.status === 0
      ? `no answer: ${response.error?.code ?? response.outcome} ${shownText(response.error?.message ?? '', redactor)}`
      : `${response.status} ${response.outcome}, ${response.timings.responseTimeMs.toFixed(1)} ms`;
  const reason =
    response.status !== 0 && response.error !== undefined
      ? [`    (${clean(shownText(response.error.message, redactor))})`]
      : [];
  const place =
    exchange.scenario === exchange.phase ? exchange.phase : `${exchange.scenario}, ${exchange.phase}`;
  const lines = [
    `> [${clean(place)}] ${clean(exchange.spec.operation)}: ${exchange.method} ${clean(redactQuery(exchange.url, redactor))}`,
    ...headerLines(exchange.headers, redactor),
    requestBody(exchange, redactor),
    `< ${clean(answer)}`,
    ...reason,
    ...headerLines(response.headers, redactor),
    responseBody(exchange, redactor),
    '',
  ];
  return redactor.text(lines.filter((line) => line !== undefined).join('\n'));
}
