import type { Offer, StartRequest } from '../../src/api/start-schema.ts';
import { LiveError, type LiveControl } from '../../src/control/live-control.ts';

/** Keeps what it is asked for, and has one target. */
export class FakeControl implements LiveControl {
  readonly calls: string[] = [];
  readonly starts: StartRequest[] = [];

  offer(): Promise<Offer> {
    const suite = (name: string, scenario: string): Offer['suites'][number] => ({
      name,
      description: name,
      scenarios: [{ name: scenario, description: 'Chats', byDefault: true }],
      ownLoad: false,
      profiles: [{ name: 'smoke', description: '5 users', durationMs: 60_000 }],
      objectives: [
        {
          name: 'suite',
          description:
            'What the load suite promises: p95, p99, error rate, requests/s at 100 users, for each operation',
        },
      ],
    });
    return Promise.resolve({
      targets: [{ name: 'mock', url: null, maxUsers: 100, maxRate: 100, maxDurationMs: null, refused: null }],
      suites: [suite('jarvis', 'chat-user'), suite('openai', 'chat-stream')],
      defaults: {
        target: 'mock',
        suite: 'jarvis',
        scenarios: ['chat-user'],
        load: { kind: 'users', users: 10 },
        objectives: 'suite',
        thresholds: ['http_req_failed:rate<0.01'],
      },
    });
  }

  start(request: StartRequest): Promise<void> {
    const { target, load } = request;
    if (target !== 'mock') throw new LiveError(403, 'target', `target "${target}" is not configured`);
    this.starts.push(request);
    this.calls.push(`start ${JSON.stringify(load)}`);
    return Promise.resolve();
  }

  setUsers(users: number): void {
    if (users > 100) throw new LiveError(403, 'ceiling', `${users} users is more than the target allows`);
    this.calls.push(`users ${users}`);
  }

  setRate(rate: number): void {
    if (rate > 100) throw new LiveError(403, 'ceiling', `${rate}/s is more than the target allows`);
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
