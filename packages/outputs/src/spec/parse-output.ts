import { isIP } from 'node:net';
import { OutputError } from './output-error.ts';
import { OUTPUT_EXAMPLES, OUTPUT_KINDS, type OutputKind, type OutputSpec } from './output-spec.ts';
import { parseInflux } from './parse-influx.ts';
import { parseReceiverUrl } from './receiver-url.ts';

/*
 * One `--out` as text, checked: by the command line when it reads its flags, and again in the thread of the output. Both get the
 * same, so it depends on the text alone. The text may hold credentials: no error quotes a part that could be one.
 */

/** Names that other tools have for outputs. */
const FOREIGN: Readonly<Record<string, OutputKind>> = {
  json: 'ndjson',
  jsonl: 'ndjson',
  prom: 'prometheus',
  openmetrics: 'prometheus',
  'experimental-prometheus-rw': 'prometheus-rw',
  'remote-write': 'prometheus-rw',
  influx: 'influxdb',
  'xk6-influxdb': 'influxdb',
  opentelemetry: 'otlp',
  'experimental-opentelemetry': 'otlp',
  otel: 'otlp',
};

/** A further output behind a comma, as other flags have their values. */
const ANOTHER = new RegExp(`,\\s*(${OUTPUT_KINDS.join('|')})=`);

function kindOf(word: string): OutputKind {
  const kind = OUTPUT_KINDS.find((known) => known === word);
  if (kind !== undefined) return kind;
  const meant = Object.hasOwn(FOREIGN, word) ? FOREIGN[word] : undefined;
  // Other text may be a URL with credentials.
  const shown = /^[\w.-]{1,40}$/.test(word)
    ? `there is no output "${word}"`
    : 'the kind of the output is missing';
  throw new OutputError(
    shown,
    meant === undefined
      ? `<kind>=<where>, kind one of: ${OUTPUT_KINDS.join(', ')}`
      : `${meant}, such as ${OUTPUT_EXAMPLES[meant]}`,
  );
}

/** `9464`, `:9464`, `127.0.0.1:9464`, `[::1]:9464`. */
function parseAddress(where: string): { readonly host: string; readonly port: number } {
  const written = /^\d{1,5}$/.test(where) ? `:${where}` : where;
  const found = /^(?<host>\[[0-9a-f:.]+\]|[^:[\]/]*):(?<port>\d{1,5})$/i.exec(written)?.groups;
  const port = Number(found?.['port']);
  const host = (found?.['host'] ?? '').replace(/^\[|\]$/g, '');
  if (found === undefined || port > 65_535 || (host !== '' && host !== 'localhost' && isIP(host) === 0))
    throw new OutputError(
      // Other text may be a URL with credentials.
      `prometheus: ${/^[\w.:[\]-]{1,60}$/.test(where) ? `"${where}"` : 'the text after ='} is no address to listen on`,
      'a port, or an IP address and a port, such as :9464 or 127.0.0.1:9464',
    );
  return { host: host === '' || host === 'localhost' ? '127.0.0.1' : host, port };
}

/**
 * Reads one `--out`: `<kind>=<where>`.
 *
 * @throws OutputError naming what was given, without credentials
 */
export function parseOutput(text: string): OutputSpec {
  const at = text.indexOf('=');
  const kind = kindOf((at < 0 ? text : text.slice(0, at)).trim());
  const where = at < 0 ? '' : text.slice(at + 1).trim();
  const joined = ANOTHER.exec(where)?.[1];
  if (joined !== undefined)
    throw new OutputError(
      `${kind} and ${joined} stand in one text, separated by a comma`,
      'one for each output',
    );
  if (where === '') throw new OutputError(`${kind}: there is no place to write to`, OUTPUT_EXAMPLES[kind]);
  switch (kind) {
    case 'ndjson':
    case 'csv':
      return { kind, path: where };
    case 'prometheus':
      return { kind, ...parseAddress(where) };
    case 'prometheus-rw':
      return { kind, url: parseReceiverUrl(kind, where) };
    case 'otlp':
      return { kind, url: parseReceiverUrl(kind, where) };
    case 'influxdb':
      return { kind, ...parseInflux(parseReceiverUrl(kind, where)) };
  }
}

/** Whether an output listens for others than this machine. */
export function listensToOthers(spec: OutputSpec): boolean {
  return spec.kind === 'prometheus' && !/^(127\.|::1$)/.test(spec.host);
}
