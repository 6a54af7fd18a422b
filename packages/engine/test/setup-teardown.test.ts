import { describe, expect, it } from 'vitest';
import { feeder } from '../src/index.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

describe('setup and teardown', () => {
  it('run once per scenario, and what setup returned is there for every user and for teardown', async () => {
    const seen: unknown[] = [];
    const load = virtualLoad({
      scenarios: [
        asking(
          'chat',
          { kind: 'per-vu-iterations', vus: 2 },
          {
            setup: async (user) => {
              await user.request({ operation: 'chat.ask', path: '/setup' });
              return { token: 't' };
            },
            run: async (user, { shared }) => {
              seen.push(shared);
              await user.request({ operation: 'chat.ask', path: '/run' });
            },
            teardown: async (user, shared) => {
              seen.push(shared);
              await user.request({ operation: 'chat.ask', path: '/teardown' });
            },
          },
        ),
      ],
    });
    const document = await load.result();
    expect(seen).toEqual([{ token: 't' }, { token: 't' }, { token: 't' }]);
    expect(load.target.requests.map(({ path }) => path)).toEqual(['/setup', '/run', '/run', '/teardown']);
    // Requests of setup and teardown are not measured.
    expect(document.totals.requests).toBe(2);
  });

  it('belong together: a scenario whose setup did not happen is not torn down', async () => {
    const torn: string[] = [];
    const scenario = (name: string, setup: () => Promise<unknown>) =>
      asking(
        name,
        { kind: 'constant-vus', duration: '1s' },
        {
          setup,
          teardown: () => {
            torn.push(name);
            return Promise.resolve();
          },
        },
      );
    const load = virtualLoad({
      scenarios: [
        scenario('made', () => Promise.resolve()),
        scenario('refused', () => Promise.reject(new Error('no'))),
        scenario('never', () => Promise.resolve()),
      ],
    });
    expect((await load.result()).run.end.kind).toBe('setup-failed');
    expect(torn).toEqual(['made']);
  });

  it.each([
    ['an object', { status: 401 }, '{"status":401}'],
    ['an object without a prototype', /(?<why>groups)/.exec('groups')!.groups, '{"why":"groups"}'],
    ['a text', 'no login', 'no login'],
  ])('that throw %s end in a document that says what', async (_what, thrown, text) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- scenario code may do it
    const refuse = () => Promise.reject(thrown);
    const executor = { kind: 'per-vu-iterations', iterations: 1 } as const;
    const setUp = virtualLoad({ scenarios: [asking('chat', executor, { setup: refuse })] });
    expect((await setUp.result()).run.end).toEqual({ kind: 'setup-failed', reason: text });
    const tornDown = virtualLoad({
      scenarios: [asking('chat', executor, { setup: () => Promise.resolve(), teardown: refuse })],
    });
    const { notes, run } = await tornDown.result();
    expect(run.end.kind).toBe('completed');
    expect(notes.map((note) => note.text).join()).toContain(`teardown of scenario chat: ${text}`);
  });

  it('that is cancelled is cut off, and the next one does not begin', async () => {
    const begun: string[] = [];
    const scenario = (name: string) =>
      asking(
        name,
        { kind: 'constant-vus', duration: '1s' },
        {
          setup: async (user) => {
            begun.push(name);
            await new Promise((resolve) => load.clock.setTimer(5000, () => resolve(undefined)));
            await user.request({ operation: `${name}.ask`, path: '/' });
          },
        },
      );
    const load = virtualLoad({ scenarios: [scenario('one'), scenario('two')] });
    await load.clock.advance(1000);
    load.run.abort('no patience');
    const document = await load.result();
    expect(load.clock.now()).toBeCloseTo(1000, 0);
    await load.clock.advance(20_000);
    expect(begun).toEqual(['one']);
    expect(load.target.requests).toEqual([]);
    expect(document.run.end).toEqual({ kind: 'aborted', reason: 'no patience' });
  });

  it('leave the end of the run as it was when a teardown stops itself', async () => {
    const teardown = async (user: { stop(reason: string): never }) => user.stop('nothing to remove');
    const executor = { kind: 'per-vu-iterations' } as const;
    const load = virtualLoad({ scenarios: [asking('chat', executor, { teardown })] });
    const { run, notes } = await load.result();
    expect(run.end).toEqual({ kind: 'completed' });
    expect(notes.filter(({ code }) => code === 'teardown-failed').map(({ text }) => text)).toEqual([
      'teardown of scenario chat: stopped: scenario "chat": nothing to remove',
    ]);
  });

  it('do not name the stop that one teardown caught as the reason of the next', async () => {
    const executor = { kind: 'per-vu-iterations' } as const;
    const load = virtualLoad({
      scenarios: [
        asking('first', executor, {
          teardown: async (user: { stop(reason: string): never }) => {
            try {
              user.stop('caught');
            } catch {
              // Goes on.
            }
          },
        }),
        asking('second', executor, { teardown: () => Promise.reject(new Error('still in use')) }),
      ],
    });
    const { notes } = await load.result();
    expect(notes.filter(({ code }) => code === 'teardown-failed').map(({ text }) => text)).toEqual([
      'teardown of scenario second: still in use',
    ]);
  });

  it.each(['unique', 'round-robin'] as const)(
    'get the same rows in the same order, also where the load takes them all: %s',
    async (order) => {
      const accounts = feeder.generate(5, (row) => `account-${row}`, { order, name: 'accounts' });
      const others = feeder.generate(5, (row) => `other-${row}`, { order, name: 'others' });
      const rows = { setup: [] as string[], run: [] as string[], teardown: [] as string[] };
      const load = virtualLoad({
        scenarios: [
          asking(
            'chat',
            { kind: 'per-vu-iterations', vus: 1, iterations: 3 },
            {
              feeders: [accounts, others],
              setup: async (user) => void rows.setup.push(user.feed(accounts), user.feed(accounts)),
              run: async (user) => void rows.run.push(user.feed(accounts), user.feed(others)),
              teardown: async (user) =>
                void rows.teardown.push(user.feed(accounts), user.feed(accounts), user.feed(others)),
            },
          ),
        ],
      });
      expect((await load.result()).notes.filter(({ code }) => code === 'teardown-failed')).toEqual([]);
      expect(rows).toEqual({
        setup: ['account-0', 'account-1'],
        run: ['account-2', 'other-0', 'account-3', 'other-1', 'account-4', 'other-2'],
        teardown: ['account-0', 'account-1', 'other-0'],
      });
    },
  );

  it('leave a note when a teardown fails, or does not come to an end', async () => {
    const scenario = (name: string, teardown: () => Promise<void>) =>
      asking(name, { kind: 'per-vu-iterations' }, { teardown });
    const load = virtualLoad({
      scenarios: [
        scenario('fails', () => Promise.reject(new Error('still in use: {"token":"abc"}'))),
        scenario('hangs', () => new Promise(() => undefined)),
      ],
    });
    const { notes, verdict } = await load.result();
    expect(notes.filter(({ code }) => code === 'teardown-failed').map(({ text }) => text)).toEqual([
      'teardown of scenario fails: still in use: {"token":"***"}',
      'teardown of scenario hangs: it did not end in time',
    ]);
    expect(verdict.status).toBe('pass');
  });
});
