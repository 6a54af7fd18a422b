import { describe, expect, it } from 'vitest';
import { credentialsOf, refuseSharedCredentials, secretsOfCredentials } from '../src/spec/credentials.ts';
import { metricsUrl } from '../src/otlp/metrics-url.ts';
import { OUTPUT_EXAMPLES, OUTPUT_KINDS } from '../src/spec/output-spec.ts';
import { listensToOthers, parseOutput } from '../src/spec/parse-output.ts';

describe('parseOutput', () => {
  it.each(OUTPUT_KINDS)('reads the example of %s', (kind) => {
    expect(parseOutput(OUTPUT_EXAMPLES[kind]).kind).toBe(kind);
  });

  it('keeps equals signs and commas of the place', () => {
    expect(parseOutput('csv=a=b,c.csv')).toEqual({ kind: 'csv', path: 'a=b,c.csv' });
  });

  it.each([
    ['prometheus=:9464', '127.0.0.1', 9464, false],
    ['prometheus=localhost:0', '127.0.0.1', 0, false],
    ['prometheus=[::1]:9464', '::1', 9464, false],
    ['prometheus=9464', '127.0.0.1', 9464, false],
    ['prometheus=0.0.0.0:9464', '0.0.0.0', 9464, true],
    ['prometheus=192.168.1.7:9464', '192.168.1.7', 9464, true],
  ])('%s listens on %s', (text, host, port, others) => {
    const spec = parseOutput(text);
    expect(spec).toEqual({ kind: 'prometheus', host, port });
    expect(listensToOthers(spec)).toBe(others);
  });

  it('tells the versions of InfluxDB by the bucket', () => {
    expect(parseOutput('influxdb=http://h:8086/prefix/k6')).toMatchObject({
      url: new URL('http://h:8086/prefix'),
      place: { version: 1, database: 'k6' },
    });
    expect(parseOutput('influxdb=https://h?org=o&bucket=b')).toMatchObject({
      place: { version: 2, org: 'o', bucket: 'b' },
    });
    expect(parseOutput('influxdb=https://h?bucket=b')).toMatchObject({ place: { version: 2, bucket: 'b' } });
  });

  it.each([
    ['json=x', 'there is no output "json"; expected ndjson, such as ndjson=run.ndjson'],
    ['experimental-prometheus-rw', 'expected prometheus-rw, such as'],
    ['opentelemetry=x', 'expected otlp, such as'],
    ['constructor=x', 'there is no output "constructor"; expected <kind>=<where>, kind one of: ndjson'],
    ['statsd=x', 'kind one of: ndjson, csv, prometheus, prometheus-rw, influxdb, otlp'],
    ['csv', 'csv: there is no place to write to; expected csv=run.csv'],
    [
      'csv=a.csv,ndjson=b.ndjson',
      'csv and ndjson stand in one text, separated by a comma; expected one for each',
    ],
    ['influxdb=http://h:8086/k6, csv=x', 'influxdb and csv stand in one text'],
    ['prometheus=9464x', 'is no address to listen on'],
    ['prometheus=:70000', 'is no address to listen on'],
    ['prometheus=example.org:9464', 'is no address to listen on'],
    ['prometheus-rw=127.0.0.1', 'the place is no URL'],
    ['otlp=grpc://h:4317', '"grpc:" is no protocol for it'],
    ['influxdb=http://h:8086', 'the URL names no database'],
    ['influxdb=http://h:8086?org=o', 'there is an org, but no bucket'],
    ['influxdb=http://h:8086/%zz', 'influxdb: the name of the database has a %'],
    ['influxdb=http://h:8086/db?precision=s', 'unknown parameter "precision"'],
  ])('refuses %s', (text, message) => {
    expect(() => parseOutput(text)).toThrow(message);
  });

  it.each([
    'prometheus-rw=http://me:hunter2@h/write',
    'influxdb=http://h:8086/db?u=me&p=hunter2',
    'influxdb=http://h:8086?bucket=b&token=hunter2',
    'http://me:hunter2@h/write',
    'hunter2:x',
    'prometheus=http://me:hunter2@h:9464',
  ])('refuses credentials on the command line without showing them: %s', (text) => {
    expect(() => parseOutput(text)).toThrow(
      /credentials|kind of the output is missing|no address to listen on/,
    );
    expect(() => parseOutput(text)).not.toThrow(/hunter2/);
  });
});

describe('credentialsOf', () => {
  it('reads the variables of its kind only', () => {
    const environment = {
      JARVIS_LOAD_OUT_PROMETHEUS_RW_USERNAME: 'me',
      JARVIS_LOAD_OUT_PROMETHEUS_RW_PASSWORD: 'hunter2',
      JARVIS_LOAD_OUT_PROMETHEUS_RW_HEADERS: 'X-Scope-OrgID: team\nX-B: c',
      JARVIS_LOAD_OUT_INFLUXDB_TOKEN: 'other',
    };
    const credentials = credentialsOf('prometheus-rw', environment);
    expect(credentials).toEqual({
      username: 'me',
      password: 'hunter2',
      headers: { 'x-scope-orgid': 'team', 'x-b': 'c' },
      caVariable: 'JARVIS_LOAD_OUT_PROMETHEUS_RW_CA',
    });
    expect(secretsOfCredentials(credentials)).toEqual(['hunter2', 'bWU6aHVudGVyMg==', 'team', 'c']);
  });

  it.each([
    [{ USERNAME: 'me' }, 'JARVIS_LOAD_OUT_OTLP_PASSWORD (environment) is missing'],
    [{ TOKEN: 'hunter2', USERNAME: 'me', PASSWORD: 'x' }, 'contradict each other'],
    [{ TOKEN: 'hunter2 ' }, 'JARVIS_LOAD_OUT_OTLP_TOKEN (environment) is no token'],
    [{ HEADERS: 'hunter2' }, 'JARVIS_LOAD_OUT_OTLP_HEADERS (environment) holds a line that is no header'],
    [{ CA: '/nowhere/ca.pem' }, '/nowhere/ca.pem cannot be read (ENOENT)'],
  ])('names the variable that is wrong, not its value: %j', (values, message) => {
    const environment = Object.fromEntries(
      Object.entries(values).map(([part, value]) => [`JARVIS_LOAD_OUT_OTLP_${part}`, value]),
    );
    expect(() => credentialsOf('otlp', environment)).toThrow(message);
    expect(() => credentialsOf('otlp', environment)).not.toThrow(/hunter2/);
  });

  it('does not send the credentials of a kind to two hosts', () => {
    const specs = ['otlp=http://a:4318', 'otlp=http://b:4318', 'influxdb=http://c/db'].map(parseOutput);
    expect(() => refuseSharedCredentials(specs, { JARVIS_LOAD_OUT_OTLP_TOKEN: 'hunter2' })).toThrow(
      'JARVIS_LOAD_OUT_OTLP_TOKEN (environment) would be sent to http://a:4318 and http://b:4318',
    );
    expect(() => refuseSharedCredentials(specs, { JARVIS_LOAD_OUT_INFLUXDB_TOKEN: 'x' })).not.toThrow();
    expect(() => refuseSharedCredentials(specs, {})).not.toThrow();
  });
});

describe('the address of OpenTelemetry metrics', () => {
  it.each([
    ['http://h:4318', '/v1/metrics'],
    ['http://h:4318/', '/v1/metrics'],
    ['http://h:4318/otlp/', '/otlp/v1/metrics'],
    ['http://h:4318/v1/metrics', '/v1/metrics'],
    ['http://h:4318/otlp/v1/metrics/', '/otlp/v1/metrics'],
  ])('of %s has the path once', (endpoint, path) => {
    expect(metricsUrl(new URL(endpoint)).pathname).toBe(path);
  });
});
