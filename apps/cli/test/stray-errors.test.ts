import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { onStrayErrors, surviveStrayErrors } from '../src/run/stray-errors.ts';

describe.each(['uncaughtException', 'unhandledRejection'])('%s', (event) => {
  let survived: (() => void) | undefined;
  afterEach(() => survived?.());

  it('ends the program also where a library listens', () => {
    const source = new EventEmitter();
    const end = vi.fn<(error: unknown) => void>();
    onStrayErrors(end, source as NodeJS.Process);
    source.on(event, () => undefined);
    source.emit(event, 'lost');
    expect(end.mock.calls).toEqual([['lost']]);
  });

  it('is left to the run that is on, and ends the program again after it', () => {
    const source = new EventEmitter();
    const end = vi.fn<(error: unknown) => void>();
    let isOn = true;
    onStrayErrors(end, source as NodeJS.Process, () => isOn);
    source.emit(event, 'of the run');
    isOn = false;
    source.emit(event, 'after it');
    expect(end.mock.calls).toEqual([['after it']]);
  });

  it('is shown where the program goes on', () => {
    const source = new EventEmitter();
    const [end, show] = [vi.fn<(error: unknown) => void>(), vi.fn<(error: unknown) => void>()];
    onStrayErrors(end, source as NodeJS.Process);
    survived = surviveStrayErrors(show);
    source.emit(event, 'shown');
    survived();
    source.emit(event, 'ends');
    expect([show.mock.calls, end.mock.calls]).toEqual([[['shown']], [['ends']]]);
  });
});
