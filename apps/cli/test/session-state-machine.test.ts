import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionAction, SessionState, SessionStatus } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { SessionStateMachine } from '../src/session/session-state-machine.ts';

const SOURCE = join(import.meta.dirname, '../../../packages/engine/src/model/run-session.ts');

/** The rows of the table above `RunSession`: state, then where each action leads; empty: not allowed. */
function table(): { readonly state: SessionState; readonly cells: ReadonlyMap<string, string> }[] {
  const rows = [...readFileSync(SOURCE, 'utf8').matchAll(/^ \* \|(.*)\|$/gm)].map(([, row]) =>
    row!.split('|').map((cell) => cell.trim()),
  );
  const [header, , ...body] = rows;
  return body.map(([state, ...cells]) => ({
    state: state as SessionState,
    cells: new Map(
      header!.slice(1).flatMap((names, column) => names.split(', ').map((name) => [name, cells[column]!])),
    ),
  }));
}

/** How a machine gets into each state. */
const WAYS: Readonly<Record<SessionState, (machine: SessionStateMachine) => void>> = {
  idle: () => undefined,
  preparing: (machine) => machine.act('prepare'),
  ready: (machine) => {
    machine.act('prepare');
    machine.reach('ready');
  },
  running: (machine) => {
    WAYS.ready(machine);
    machine.act('start');
  },
  paused: (machine) => {
    WAYS.running(machine);
    machine.act('pause');
  },
  stopping: (machine) => {
    WAYS.running(machine);
    machine.act('stop');
  },
  ended: (machine) => {
    WAYS.stopping(machine);
    machine.reach('ended');
  },
  failed: (machine) => {
    WAYS.preparing(machine);
    machine.reach('failed', { error: 'why' });
  },
};

describe('the state machine of a session', () => {
  const cases = table().flatMap(({ state, cells }) =>
    [...cells]
      .filter(([name]) => name !== 'by itself')
      .map(([name, to]) => [state, name as SessionAction, to] as const),
  );

  it('is described for every state and every action', () => {
    expect(cases).toHaveLength(8 * 8);
  });

  it.each(cases)('in %s, asked to %s, goes where the table says: %s', (state, action, to) => {
    const machine = new SessionStateMachine(() => undefined);
    WAYS[state](machine);
    expect(machine.status.state).toBe(state);
    expect(machine.status.allowed.includes(action)).toBe(to !== '');
    if (to === '') {
      expect(() => machine.act(action)).toThrow(`${action}: the session is ${state}`);
      expect(machine.status.state).toBe(state);
      return;
    }
    machine.act(action);
    expect(machine.status.state).toBe(to);
  });

  it('ignores what a run that is over reports late', () => {
    const machine = new SessionStateMachine(() => undefined);
    WAYS.ended(machine);
    machine.reach('stopping', { phase: 'teardown' });
    machine.reach('failed', { error: 'late' });
    expect(machine.status).toMatchObject({ state: 'ended', error: null });
  });

  it('tells every listener of each change once, also where another listener throws', () => {
    const errors: unknown[] = [];
    const machine = new SessionStateMachine((error) => errors.push(error));
    const seen: SessionStatus[] = [];
    machine.onStatus(() => {
      throw new Error('broken');
    });
    const off = machine.onStatus((status) => seen.push(status));
    WAYS.failed(machine);
    machine.act('reset');
    off();
    machine.act('prepare');
    expect(seen.map(({ state, error }) => [state, error])).toEqual([
      ['preparing', null],
      ['failed', 'why'],
      ['idle', null],
    ]);
    expect(errors).toHaveLength(4);
  });

  it('ends with the current state for every listener, where one of them changes it', () => {
    const machine = new SessionStateMachine(() => undefined);
    const seen: string[] = [];
    machine.onStatus(({ state }) => {
      if (state === 'running') machine.act('stop');
    });
    machine.onStatus(({ state }) => seen.push(state));
    WAYS.running(machine);
    expect(seen).toEqual(['preparing', 'ready', 'stopping']);
  });
});
