import { describe, expect, it } from 'vitest';
import { LiveStore } from '../src/record/live-store.ts';
import { fillStore } from './support/fill-store.ts';
import { bearer, serve } from './support/serve.ts';

/** Reads a stream until it has so many events. */
async function read(
  server: Awaited<ReturnType<typeof serve>>,
  count: number,
  lastEventId?: string,
): Promise<{ readonly id: string; readonly name: string; readonly data: string }[]> {
  const stop = new AbortController();
  const response = await fetch(`${server.base}/api/events`, {
    headers: { ...bearer(server), ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
    signal: stop.signal,
  });
  let text = '';
  const events = () =>
    [...text.matchAll(/id: (.*)\nevent: (.*)\ndata: (.*)\n\n/g)].map(([, id = '', name = '', data = '']) => ({
      id,
      name,
      data,
    }));
  for await (const part of response.body ?? []) {
    text += Buffer.from(part as Uint8Array).toString();
    if (events().length >= count) break;
  }
  stop.abort();
  return events().slice(0, count);
}

describe('events', () => {
  it('begin with the state, from which a page can go on', async () => {
    const server = await serve();
    fillStore(server.store, 5);
    const [first] = await read(server, 1);
    expect(first?.name).toBe('state');
    expect(JSON.parse(first?.data ?? '')).toEqual(JSON.parse(JSON.stringify(server.store.state)));
    expect(first?.id).toBe(server.store.lastEventId);
  });

  it('go on after the last one that a page saw, with none missing and none twice', async () => {
    const server = await serve();
    const { addSecond } = fillStore(server.store, 5);
    const [state] = await read(server, 1);
    for (let missed = 0; missed < 7; missed++) addSecond();
    const events = await read(server, 7, state?.id);
    expect(events.map(({ name }) => name)).toEqual(Array.from({ length: 7 }, () => 'second'));
    const points = events.map(({ data }) => (JSON.parse(data) as { point: { atMs: number } }).point.atMs);
    expect(points).toEqual([5000, 6000, 7000, 8000, 9000, 10_000, 11_000]);
  });

  it('begin with the state again where the id is of another start of the server, or no longer kept', async () => {
    const server = await serve();
    const { addSecond } = fillStore(server.store, 5);
    const old = server.store.lastEventId;
    for (let second = 0; second < 400; second++) addSecond();
    for (const id of [old, '00000000-3', 'nonsense']) {
      const [first] = await read(server, 1, id);
      expect(first?.name, id).toBe('state');
    }
  });

  it('keep the memory of a long run bounded', () => {
    const store = new LiveStore('view');
    const { addSecond } = fillStore(store, 2);
    for (let line = 0; line < 5000; line++) store.log('info', 'x'.repeat(1000));
    for (let mark = 0; mark < 5000; mark++) store.mark({ atMs: mark, kind: 'load', text: 'users set' });
    for (let second = 0; second < 50; second++) addSecond();
    expect(store.state.log).toHaveLength(500);
    expect(store.state.marks).toHaveLength(200);
    expect(store.eventsAfter(store.lastEventId)).toEqual([]);
    let events = 0;
    const id = store.lastEventId.replace(/-(\d+)$/, (_, last: string) => `-${Number(last) - 299}`);
    events = store.eventsAfter(id)?.length ?? -1;
    expect(events).toBe(299);
    const older = store.lastEventId.replace(/-(\d+)$/, (_, last: string) => `-${Number(last) - 301}`);
    expect(store.eventsAfter(older)).toBeUndefined();
  });
});
