import { describe, expect, it } from 'vitest';
import type { NoticeEvent, RunEvent } from '../src/model/events.ts';
import { EventStream } from '../src/coordination/event-stream.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';
import { startLoad } from '../src/coordination/load.ts';

const notice = (number: number): NoticeEvent => ({
  type: 'notice',
  level: 'info',
  code: 'test',
  text: String(number),
});

async function texts(events: AsyncIterable<RunEvent>): Promise<string[]> {
  const read: string[] = [];
  for await (const event of events) if (event.type === 'notice') read.push(event.text);
  return read;
}

describe('the events of a run', () => {
  it('reach every reader in order, from its call on', async () => {
    const stream = new EventStream(undefined);
    const early = stream.read();
    stream.emit(notice(1));
    const late = stream.read();
    stream.emit(notice(2));
    stream.end();
    expect(await texts(early)).toEqual(['1', '2']);
    expect(await texts(late)).toEqual(['2']);
    expect(await texts(stream.read())).toEqual([]);
  });

  it('are delivered to a waiting reader', async () => {
    const stream = new EventStream(undefined);
    const read = texts(stream.read());
    await Promise.resolve();
    stream.emit(notice(1));
    await Promise.resolve();
    stream.end();
    expect(await read).toEqual(['1']);
  });

  it('that are not read are kept up to a limit, and the number of missing ones is reported', async () => {
    const stream = new EventStream(undefined);
    const events = stream.read();
    for (let number = 0; number < 2500; number++) stream.emit(notice(number));
    stream.end();
    const read = await texts(events);
    expect(read).toHaveLength(1001);
    expect(read[0]).toMatch(/^1500 events were not read in time/);
    expect(read.slice(1, 3)).toEqual(['1500', '1501']);
    expect(read.at(-1)).toBe('2499');
  });

  it('may reject with a value that has no text', async () => {
    const stream = new EventStream(() => {
      throw Object.create(null);
    });
    stream.emit(notice(1));
    stream.end();
    const note = { level: 'warning', code: 'listener-failed', text: 'the event listener threw: {}' };
    expect(stream.takeNotes((text) => text)).toEqual([note]);
    expect(stream.takeNotes((text) => text)).toEqual([]);
    expect(await texts(stream.read())).toEqual([]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no disk');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no disk')) as unknown as undefined],
  ])('whose listener %s only in the last one, after the document, are a note of it', async (_, fail) => {
    const { notes } = await virtualLoad({
      scenarios: [asking('chat', { kind: 'constant-vus', vus: 1, duration: '2s' })],
      onEvent: (event) => (event.type === 'phase' && event.phase === 'done' ? fail() : undefined),
    }).result();
    expect(notes.filter(({ code }) => code === 'listener-failed').map(({ text }) => text)).toEqual([
      'the event listener threw: no disk',
    ]);
  });

  it('whose asynchronous listener rejects are a note of the result, and no exception of a scenario', async () => {
    const { notes, verdict, exceptions } = await virtualLoad({
      scenarios: [asking('chat', { kind: 'constant-vus', vus: 1, duration: '2s' })],
      onEvent: () => Promise.reject(new Error('no disk')) as unknown as undefined,
    }).result();
    expect(exceptions).toEqual([]);
    expect(verdict.reasons).toEqual([]);
    expect(notes.filter(({ code }) => code === 'listener-failed')).toMatchObject([
      { text: 'the event listener threw: no disk' },
    ]);
  });

  it('end where the scenario module cannot be loaded', async () => {
    const run = startLoad({
      baseUrl: 'http://127.0.0.1:1',
      warmUp: false,
      scenarios: { module: '/there/is/no/such/module.js' },
    });
    const read = texts(run.events());
    await expect(run.result).rejects.toThrow('cannot be loaded');
    expect(await read).toEqual([]);
  });
});
