import type { StartRequest } from '../../src/api/session-schema.ts';
import { LiveError, type LiveControl } from '../../src/control/live-control.ts';

/** Keeps what it is asked for, and has one target. */
export class FakeControl implements LiveControl {
  readonly calls: string[] = [];

  offer() {
    return {
      targets: [{ name: 'mock', url: null, maxUsers: 100, maxRate: 100, maxDurationMs: null, refused: null }],
      scenarios: [{ name: 'chat-user', description: 'Chats', byDefault: true }],
      profiles: [],
    };
  }

  start({ target, load }: StartRequest): Promise<void> {
    if (target !== 'mock') throw new LiveError(403, 'target', `target "${target}" is not configured`);
    this.calls.push(`start ${JSON.stringify(load)}`);
    return Promise.resolve();
  }

  setUsers(users: number): void {
    if (users > 100) throw new LiveError(403, 'ceiling', `${users} users is more than the target allows`);
    this.calls.push(`users ${users}`);
  }

  setRate(rate: number): void {
    this.calls.push(`rate ${rate}`);
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  stop(): void {
    this.calls.push('stop');
  }

  reset(): void {
    this.calls.push('reset');
  }
}
