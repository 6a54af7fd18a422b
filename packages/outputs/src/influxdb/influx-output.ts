import { Delivery, type Answer, type Batch } from '../delivery/delivery.ts';
import { finishMs } from '../delivery/finish-ms.ts';
import { reportLoss } from '../delivery/loss-error.ts';
import { Receiver } from '../delivery/receiver.ts';
import type { Exporter } from '../exporter.ts';
import type { ExporterContext } from '../output-context.ts';
import { credentialsOf, type Credentials } from '../spec/credentials.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { InfluxPlace } from '../spec/output-spec.ts';
import { InfluxPoints } from './influx-points.ts';

function under(base: URL, path: string, parameters: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

function writeUrl(base: URL, place: InfluxPlace): URL {
  if (place.version === 1) return under(base, '/write', { db: place.database, precision: 'ms' });
  return under(base, '/api/v2/write', { org: place.org, bucket: place.bucket, precision: 'ms' });
}

const NEW_LINE = Buffer.from('\n');

function batchOf(lines: readonly string[]): Batch {
  return { body: Buffer.from(lines.join('\n')), points: lines.length };
}

function joined(batches: readonly Batch[]): Batch {
  return {
    body: Buffer.concat(batches.flatMap(({ body }, index) => (index === 0 ? [body] : [NEW_LINE, body]))),
    points: batches.reduce((sum, { points }) => sum + points, 0),
  };
}

/** Version 1 answers 404 for a database that does not exist. Existing ones stay; a refusal is ignored. */
async function createDatabase(
  base: URL,
  place: InfluxPlace,
  credentials: Credentials,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (place.version !== 1) return { kind: 'taken' };
  const query = new Receiver(under(base, '/query', {}), credentials, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    scheme: 'Token',
  });
  const statement = `CREATE DATABASE "${place.database.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const body = Buffer.from(new URLSearchParams({ q: statement }).toString());
  const answer = await query.post({ body }, signal);
  query.close();
  return answer;
}

/**
 * `influxdb`: line protocol, one request per second with points that are aggregates of that second; a request has the points of
 * several seconds where the receiver takes longer. `--out-interval` changes only how often thresholds and objectives are among
 * them. `precision` of the URL is that of the timestamps of `InfluxPoints`.
 */
export function influxOutput(base: URL, place: InfluxPlace, context: ExporterContext): Exporter {
  const { name, environment, required, tell } = context;
  const credentials = credentialsOf('influxdb', environment);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const receiver = new Receiver(writeUrl(base, place), credentials, { headers, scheme: 'Token' });
  let mayBeMissing = place.version === 1;
  /** Creates the database before the first points. Where that is answered by 429 or 5xx, or not at all, it is tried again with the next ones. */
  const post = async (batch: Batch, signal?: AbortSignal): Promise<Answer> => {
    if (mayBeMissing) mayBeMissing = (await createDatabase(base, place, credentials, signal)).kind === 'busy';
    const answer = await receiver.post(batch, signal);
    if (answer.kind === 'taken') mayBeMissing = false;
    // It came up between the two requests: the database is created with the next attempt.
    if (answer.kind === 'refused' && mayBeMissing && answer.reason.startsWith('receiver answered 404'))
      return { kind: 'busy', reason: answer.reason };
    return answer;
  };
  const delivery = new Delivery(post, {
    join: joined,
    onProblem: (reason) => tell('warning', `${name}: ${reason}; the run goes on`),
  });
  let points: InfluxPoints | undefined;
  /** Until the mark of the start is sent. */
  let start: { readonly text: string } | undefined;

  return {
    async start(run) {
      // With made-up numbers: it compiles the work of a second before the load, and checks nothing.
      const trial = new InfluxPoints(run);
      rehearse(run, (second) => void batchOf(trial.second(second)));
      points = new InfluxPoints(run);
      start = { text: `run ${run.runId} on ${run.target.name}` };
      const first = batchOf([points.prepared(run, Date.now())]);
      if (!required) return delivery.add(first);
      const answer = await post(first);
      if (answer.kind !== 'taken') throw new Error(answer.reason);
    },
    second(second) {
      if (points === undefined) return;
      const lines = points.second(second);
      // Its mark is the start of the load: probe and setup come before it, and may take long.
      const begun = start === undefined ? [] : [points.event('start', start.text, second.startWallMs)];
      start = undefined;
      delivery.add(batchOf([...begun, ...lines]));
    },
    hurry: () => delivery.hurry(),
    async stop(result) {
      try {
        if (points !== undefined && result !== undefined)
          delivery.add(batchOf(points.end(result, Date.now())));
        await delivery.finish(finishMs(result));
      } finally {
        receiver.close();
      }
      reportLoss(delivery.loss, 'points');
    },
  };
}
