import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import { defineScenario, startLoad, type LoadRun } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import xterm from '@xterm/headless';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TextStream } from '../src/output/console.ts';
import { AlternateScreen } from '../src/screen/alternate-screen.ts';
import { processKeyboard, type Keyboard, type KeyListener } from '../src/screen/keyboard.ts';
import { RunSteering } from '../src/run/run-steering.ts';
import { RunScreen } from '../src/screen/run-screen.ts';

/** A terminal that has the bytes it was sent; what stood in it before the run is `$ jarvis-load load`. */
class VirtualTerminal extends EventEmitter implements TextStream {
  readonly isTTY = true;
  readonly terminal: xterm.Terminal;
  #written = Promise.resolve();

  constructor(columns: number, rows: number) {
    super();
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.write('$ jarvis-load load\r\n');
  }

  get columns(): number {
    return this.terminal.cols;
  }

  get rows(): number {
    return this.terminal.rows;
  }

  write(text: string): boolean {
    const chunk = text.replaceAll(/\r?\n/g, '\r\n');
    this.#written = this.#written.then(() => new Promise((resolve) => this.terminal.write(chunk, resolve)));
    return true;
  }

  /** The lines that a person sees, without the empty ones at the end. */
  async lines(): Promise<string[]> {
    await this.#written;
    const { active } = this.terminal.buffer;
    const lines = Array.from(
      { length: this.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true, 0, this.columns) ?? '',
    );
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }
}

/** Keys that a test presses. */
class FakeKeyboard implements Keyboard {
  readonly isThere = true;
  listener: KeyListener | undefined;

  open(listener: KeyListener): () => void {
    this.listener = listener;
    listener.regain();
    return () => (this.listener = undefined);
  }
}

const OPERATIONS = ['cart.list', 'cart.add', 'order.place', 'search'] as const;

const shop = defineScenario({
  name: 'shop',
  operations: OPERATIONS.map((name) => ({ name, method: 'GET', route: `/${name}` })),
  thresholds: { 'http_req_duration{operation:search}': ['p(95)<100'], http_req_failed: ['rate<0.5'] },
  executor: {
    kind: 'ramping-vus',
    stages: [
      { duration: '10s', target: 4 },
      { duration: '20s', target: 4 },
    ],
  },
  async run(user) {
    for (const operation of OPERATIONS) await user.request({ operation, path: `/${operation}` });
  },
});

interface Shown {
  readonly terminal: VirtualTerminal;
  readonly keyboard: FakeKeyboard;
  readonly clock: VirtualClock;
  readonly run: LoadRun;
  readonly screen: RunScreen;
  readonly steering: RunSteering;
}

/** Of the profiles of a plan, the shape needs no more than its kind. */
const OWN_PLAN = { shape: { kind: 'stages', stages: [] }, ceilings: undefined } as const;

/** A run on a virtual clock in a virtual terminal; every fifth search fails, all take 250 ms. */
function shown(columns: number, rows: number): Shown {
  const terminal = new VirtualTerminal(columns, rows);
  const keyboard = new FakeKeyboard();
  const screen = new RunScreen(
    { out: terminal, err: terminal, environment: { NO_COLOR: '1' } },
    keyboard,
    (text) => text,
  );
  const clock = new VirtualClock();
  const target = new ScriptedTarget(clock, ({ path, number }) =>
    path === '/search' ? { afterMs: 250, status: number % 5 === 0 ? 500 : 200 } : { afterMs: 40 },
  );
  const run = startLoad({
    baseUrl: 'http://shop.test',
    scenarios: [shop],
    outputs: [screen],
    seed: 1,
    clock,
    transport: target,
    describe: { config: { load: 'ramp to 4 users in 10 s, 20 s' } },
  });
  const steering = new RunSteering(run, { ...OWN_PLAN, scenarios: [{ ...shop, executor: shop.executor! }] });
  screen.attach(run, steering);
  return { terminal, keyboard, clock, run, screen, steering };
}

describe('the screen of a run', () => {
  it.each([
    [60, 20],
    [100, 30],
    [200, 50],
  ])('in %i x %i has all that matters, on one screen', async (columns, rows) => {
    const { terminal, clock, run } = shown(columns, rows);
    await clock.advance(15_500);
    const lines = await terminal.lines();
    const text = lines.join('\n');
    expect(text).toMatch(/^http:\/\/shop\.test {3}ramp to 4 users in 10 s, 20 s\n/);
    expect(text).toMatch(/running .*2\/2.* 50%\s+0:15 of 0:30/);
    expect(text).toMatch(/users 4\/4 .*req\/s .*failed .*in flight/);
    for (const operation of OPERATIONS) expect(text).toContain(operation);
    expect(text).toMatch(/1 hold {3}1 fail\n {2}250 ms, limit 100 ms: http_req_duration/);
    expect(lines.at(-1)).toBe('q stop   Q end at once   p pause   w/s ±1 user   W/S ±10');
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(text).toMatchSnapshot();
    run.abort('the test is over');
    await clock.until(run.result);
  });

  it('counts the operations that do not fit', async () => {
    const { terminal, clock, run } = shown(80, 14);
    await clock.advance(5500);
    const lines = await terminal.lines();
    expect(lines).toHaveLength(14);
    expect(lines.join('\n')).toMatch(/and \d more in the report/);
    run.abort('the test is over');
    await clock.until(run.result);
  });

  it('is drawn anew when the terminal changes its size', async () => {
    const { terminal, clock, run } = shown(200, 40);
    await clock.advance(5500);
    await terminal.lines();
    terminal.terminal.resize(70, 20);
    terminal.emit('resize');
    const lines = await terminal.lines();
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.filter((line) => line.trimEnd().length >= 70)).toEqual([]);
    expect(lines.at(-1)).toMatch(/^q stop/);
    run.abort('the test is over');
    await clock.until(run.result);
  });

  it('leaves the terminal as it was, with the messages of the run below', async () => {
    const { terminal, clock, run, screen, keyboard } = shown(80, 24);
    await clock.advance(3000);
    expect(terminal.terminal.buffer.active.type).toBe('alternate');
    screen.say('warning: look at this');
    await clock.until(run.result);
    expect(await terminal.lines()).toEqual(['$ jarvis-load load', 'warning: look at this']);
    expect(terminal.terminal.buffer.active.type).toBe('normal');
    expect(terminal.terminal.modes.wraparoundMode).toBe(true);
    expect(keyboard.listener).toBeUndefined();
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('gives the terminal to the shell for Ctrl-Z, and takes it back', async () => {
    const { terminal, clock, run, keyboard } = shown(80, 24);
    await clock.advance(3000);
    keyboard.listener!.release();
    expect(await terminal.lines()).toEqual(['$ jarvis-load load']);
    await clock.advance(2000);
    expect(await terminal.lines()).toEqual(['$ jarvis-load load']);
    keyboard.listener!.regain();
    expect((await terminal.lines()).at(-1)).toMatch(/^q stop/);
    run.abort('the test is over');
    await clock.until(run.result);
  });

  it('writes messages as they come while it is in the background, and closes there', async () => {
    const { terminal, clock, run, screen, keyboard } = shown(80, 24);
    await clock.advance(3000);
    keyboard.listener!.release();
    expect(screen.isOpen).toBe(false);
    screen.say('warning: look at this');
    await clock.until(run.result);
    expect(await terminal.lines()).toEqual(['$ jarvis-load load', 'warning: look at this']);
    expect(keyboard.listener).toBeUndefined();
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('ends the run with q, its requests finished', async () => {
    const { clock, run, keyboard } = shown(80, 24);
    await clock.advance(5000);
    keyboard.listener!.onKey('q');
    const { end, durationMs } = (await clock.until(run.result)).run;
    expect(end).toMatchObject({ kind: 'stopped', reason: 'stopped by key' });
    expect(durationMs).toBeLessThan(7000);
  });

  it.each(['Q', 'qq'])('ends the run at once with %s', async (keys) => {
    const { clock, run, keyboard } = shown(80, 24);
    await clock.advance(5010);
    for (const key of keys) keyboard.listener!.onKey(key);
    const { end, durationMs } = (await clock.until(run.result)).run;
    expect(end.kind).toMatch(/stopped|aborted/);
    expect(durationMs).toBeLessThan(5020);
  });

  it('pauses the run with p, and goes on with p', async () => {
    const { terminal, clock, run, keyboard } = shown(80, 24);
    await clock.advance(5500);
    keyboard.listener!.onKey('p');
    await clock.advance(4000);
    expect((await terminal.lines()).join('\n')).toMatch(/PAUSED[^]*p go on/);
    keyboard.listener!.onKey('p');
    await clock.advance(2000);
    expect((await terminal.lines()).join('\n')).toMatch(/running[^]*p pause/);
    const result = await clock.until(run.result);
    expect(result.run.pausedMs).toBeCloseTo(4000, -2);
  });

  it('changes the users with w and s, tells who else steers, and ends when it was planned to', async () => {
    const { terminal, clock, run, keyboard, steering } = shown(80, 24);
    const told: unknown[] = [];
    steering.onChange((event) => told.push(event));
    await clock.advance(15_500);
    for (const key of 'Wwws') keyboard.listener!.onKey(key);
    await clock.advance(2000);
    expect((await terminal.lines()).join('\n')).toMatch(/users 15\/15/);
    // The stages of the plan are over, though its end stays.
    expect((await terminal.lines()).join('\n')).not.toMatch(/2\/2/);
    for (const key of 'SSS') keyboard.listener!.onKey(key);
    expect(steering.level).toMatchObject({ by: 'users', value: 0 });
    expect(told).toHaveLength(6 + 1);
    const result = await clock.until(run.result);
    expect(result.steering?.map(({ users }) => users)).toEqual([14, 15, 16, 15, 5, 0, 0]);
    expect(result.run.end.kind).toBe('completed');
    expect(Math.round(result.run.durationMs / 1000)).toBe(30);
  });
});

describe('a frame with fewer lines', () => {
  it('leaves nothing of the one before', async () => {
    const terminal = new VirtualTerminal(40, 10);
    const screen = new AlternateScreen(terminal);
    screen.enter();
    screen.draw(['a long first line', 'second', 'third', 'fourth']);
    screen.draw(['short', 'second']);
    expect(await terminal.lines()).toEqual(['short', 'second']);
    screen.leave();
  });

  it('does not flicker: a frame is one write, which the terminal shows at once, and erases no line first', () => {
    const writes: string[] = [];
    const screen = new AlternateScreen({ isTTY: true, write: (text) => writes.push(text) > 0 });
    screen.enter();
    screen.draw(['first', 'second']);
    screen.leave();
    const [, frame] = writes;
    expect(writes).toHaveLength(3);
    expect(frame).toBe('\u001b[?2026h\u001b[Hfirst\u001b[K\r\nsecond\u001b[K\u001b[J\u001b[?2026l');
    // The cursor is hidden while the screen is open, and there again after it.
    expect(writes[0]).toContain('\u001b[?25l');
    expect(writes[2]).toContain('\u001b[?25h');
  });
});

describe('the keyboard', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  afterEach(() => kill.mockClear());

  function opened(terminal = { isOurs: true }) {
    const input = Object.assign(new EventEmitter(), {
      isTTY: true,
      isRaw: false,
      setRawMode: (isRaw: boolean) => (input.isRaw = isRaw),
      isReading: false,
      resume: () => (input.isReading = true),
      pause: () => (input.isReading = false),
    });
    const seen: string[] = [];
    const keyboard = processKeyboard(
      () => input as unknown as ReadStream,
      () => seen.push('interrupt'),
      () => terminal.isOurs,
    );
    const close = keyboard.open({
      onKey: (key) => seen.push(key),
      release: () => seen.push('release'),
      regain: () => seen.push('regain'),
    });
    return { input, seen, close };
  }

  it('reads keys one at a time; Ctrl-C interrupts, Ctrl-Z stops the group', () => {
    const { input, seen, close } = opened();
    expect(input.isRaw).toBe(true);
    input.emit('data', Buffer.from('qp\u0003'));
    input.emit('data', Buffer.from('\u001a'));
    expect(seen).toEqual(['regain', 'q', 'p', 'interrupt']);
    expect(kill.mock.calls).toEqual([[0, 'SIGTSTP']]);
    close();
    expect(input.isRaw).toBe(false);
    expect(input.listenerCount('data')).toBe(0);
  });

  it('is not raw while the shell has the terminal', () => {
    const { input, seen, close } = opened();
    process.emit('SIGTSTP');
    expect(input.isRaw).toBe(false);
    expect(kill.mock.calls).toEqual([[process.pid, 'SIGSTOP']]);
    process.emit('SIGCONT');
    expect(input.isRaw).toBe(true);
    expect(seen).toEqual(['regain', 'release', 'regain']);
    close();
    expect(process.listenerCount('SIGTSTP') + process.listenerCount('SIGCONT')).toBe(0);
  });

  it('leaves the terminal alone in the background, and takes it when it is ours', async () => {
    const terminal = { isOurs: false };
    const { input, seen, close } = opened(terminal);
    expect([input.isRaw, input.isReading, seen]).toEqual([false, false, []]);
    process.emit('SIGCONT');
    process.emit('SIGTSTP');
    expect([input.isRaw, input.isReading, seen]).toEqual([false, false, []]);
    terminal.isOurs = true; // Without a signal, as bash does it.
    await expect.poll(() => seen).toEqual(['regain']);
    expect([input.isRaw, input.isReading]).toEqual([true, true]);
    close();
  });

  it('gives the terminal back when the process ends by an error', () => {
    const before = process.listeners('exit');
    const { input, seen, close } = opened();
    const [onExit, ...others] = process.listeners('exit').filter((listener) => !before.includes(listener));
    expect(others).toEqual([]);
    onExit?.call(process, 7);
    expect(input.isRaw).toBe(false);
    expect(seen).toEqual(['regain', 'release']);
    close();
    expect(process.listeners('exit')).toEqual(before);
  });
});
