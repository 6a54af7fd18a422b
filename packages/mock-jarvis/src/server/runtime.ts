/**
 * State behind the routes of one mock: settings in force, stores, counters, queues.
 *
 * Must hold:
 * - `configure` makes all checks before the first change: after an error no setting has changed.
 * - What is drawn for a request depends on the seed, its operation and its number there: one `plan` for each accepted request.
 * - `reset` and `configure` end no request: what waits or is served goes on in its pool.
 * - New state that a run can change is set anew in `reset`; what a setting decides is set in `#apply`.
 */
import { knownRecordings, type KnownRecordings } from '../audio/known-recordings.ts';
import { mishear } from '../audio/mishear.ts';
import type { Sound } from '../audio/read-wav.ts';
import { transcribe, type Transcription } from '../audio/transcribe.ts';
import { Tokens } from '../auth/tokens.ts';
import { CapacityPool } from '../capacity/pool.ts';
import type { Clock } from '../clock.ts';
import { changeMockConfig } from '../config/resolve.ts';
import type { MockConfigSources } from '../config/resolve.ts';
import type { FaultKind, MockConfig } from '../config/schema.ts';
import { Counters } from '../counters/counters.ts';
import { RequestMetrics } from '../counters/prometheus.ts';
import { FaultInjector } from '../faults/injector.ts';
import { FreezeGate } from '../freeze/gate.ts';
import { sampleLatencyMs } from '../latency/sample.ts';
import type { Model } from '../llm/model.ts';
import { RateLimits } from '../limits/rate-limits.ts';
import { MockError } from '../mock-error.ts';
import { MOCK_OPERATIONS } from '../operations.ts';
import type { MockOperation } from '../operations.ts';
import { RandomStream } from '../random/stream.ts';
import { createUuidSource } from '../random/uuid.ts';
import { ConversationStore } from '../stores/conversations.ts';
import { MemoryStore } from '../stores/memories.ts';
import { TextBudget } from '../stores/text-budget.ts';

interface OperationState {
  readonly random: RandomStream;
  ordinal: number;
}

/** Service time and fault of one request. */
export interface ServicePlan {
  /** Number of the request within its operation, from 0. */
  readonly ordinal: number;
  readonly serviceMs: number;
  readonly fault: FaultKind | undefined;
}

/** The state of one mock. */
export class Runtime {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly metrics = new RequestMetrics();
  readonly gate: FreezeGate;
  readonly faults: FaultInjector;
  readonly limits: RateLimits;
  readonly startedMs: number;
  #config: MockConfig;
  #known!: KnownRecordings;
  #hearing!: RandomStream;
  #heard = 0;
  #commands = 0;
  #tokens!: Tokens;
  #uuid!: () => string;
  #conversations!: ConversationStore;
  #memories!: MemoryStore;
  #epochMs: number;
  #operations = new Map<MockOperation, OperationState>();
  readonly #sharedPool: CapacityPool;
  readonly language: Model;
  readonly voice: Model;
  readonly #ownPools = new Map<MockOperation, CapacityPool>();

  constructor(config: MockConfig, clock: Clock) {
    this.#config = config;
    this.clock = clock;
    this.startedMs = clock.elapsedMs();
    this.#epochMs = this.startedMs;
    this.counters = new Counters(config.countedRuns);
    this.gate = new FreezeGate(clock, config.freeze);
    this.faults = new FaultInjector(config.faults);
    this.limits = new RateLimits(config);
    this.#sharedPool = new CapacityPool(clock, config.capacity.all);
    this.language = { size: 0, gapGrowth: 0, prefills: new CapacityPool(clock, null) };
    this.voice = { size: 0, gapGrowth: 0, prefills: new CapacityPool(clock, null) };
    this.reset();
    this.#apply();
  }

  get config(): MockConfig {
    return this.#config;
  }
  get tokens(): Tokens {
    return this.#tokens;
  }
  get conversations(): ConversationStore {
    return this.#conversations;
  }
  get memories(): MemoryStore {
    return this.#memories;
  }

  uuid(): string {
    return this.#uuid();
  }

  /** RFC 3339, UTC. */
  timestamp(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }

  /** Milliseconds since the start or the last reset; time base of fault windows. */
  elapsedMs(): number {
    return this.clock.elapsedMs() - this.#epochMs;
  }

  /** Resets stores, counters, injected faults, random streams and windows; settings and Prometheus metrics stay. */
  reset(): void {
    const { seed, stores } = this.#config;
    const budget = new TextBudget(stores.textBytes);
    this.#conversations = new ConversationStore(stores, budget);
    this.#memories = new MemoryStore(stores.memories, budget);
    this.#uuid = createUuidSource(seed);
    this.#hearing = new RandomStream(seed, 'transcription');
    this.#heard = 0;
    this.#commands = 0;
    this.#operations = new Map();
    for (const name of MOCK_OPERATIONS) {
      this.#operations.set(name, { random: new RandomStream(seed, name), ordinal: 0 });
    }
    this.counters.reset();
    this.faults.clear();
    this.limits.configure(this.#config);
    this.gate.restart();
    this.#epochMs = this.clock.elapsedMs();
  }

  /**
   * Changes settings while the mock runs. Windows of rate limits begin anew; another `seed` or other `stores` reset the mock.
   * @throws {MockError} `invalid_setting` or `unknown_preset`; no setting has changed then
   */
  configure(sources: MockConfigSources): MockConfig {
    const next = changeMockConfig(this.#config, sources);
    if (next.dialect !== this.#config.dialect) {
      throw new MockError(
        'invalid_setting',
        `Mock setting dialect: this mock serves ${this.#config.dialect}, which cannot change while it runs; start another mock for ${next.dialect}.`,
      );
    }
    // Read the folder before changing anything: it throws when it cannot be read.
    knownRecordings(next.transcription.recordings);
    const needsReset =
      next.seed !== this.#config.seed || JSON.stringify(next.stores) !== JSON.stringify(this.#config.stores);
    this.#config = next;
    if (needsReset) this.reset();
    this.#apply();
    return next;
  }

  /** Decides the service time and the fault of the next request of an operation. */
  plan(operation: MockOperation, phase: string): ServicePlan {
    const state = this.#operations.get(operation)!;
    const { random, ordinal } = state;
    state.ordinal += 1;
    const fault = this.faults.draw(operation, phase, random, ordinal, this.elapsedMs());
    if (fault === 'hang') return { ordinal, serviceMs: Number.POSITIVE_INFINITY, fault };
    const model = this.#config.latency[operation] ?? this.#config.latency.default;
    return { ordinal, serviceMs: sampleLatencyMs(model, random, ordinal), fault };
  }

  /** Transcribes with the configured word error rate. */
  hear(sound: Sound): Transcription {
    const heard = transcribe(sound, this.#known);
    const { wordErrorRate } = this.#config.transcription;
    return { ...heard, text: mishear(heard.text, wordErrorRate, this.#hearing, this.#heard++) };
  }

  /** Numbers the answers of the assistant's commands: each has a text of its own. */
  nextCommand(): number {
    return this.#commands++;
  }

  /** The server pool that serves an operation. */
  pool(operation: MockOperation): CapacityPool {
    return this.#ownPools.get(operation) ?? this.#sharedPool;
  }

  /** Whether an answer with service time 0 may skip the pool. */
  isUnlimited(operation: MockOperation): boolean {
    return !this.#ownPools.has(operation) && this.#config.capacity.all === null;
  }

  #apply(): void {
    const config = this.#config;
    this.#known = knownRecordings(config.transcription.recordings);
    this.#tokens = new Tokens(config, this.clock);
    this.counters.configure(config.countedRuns);
    this.gate.configure(config.freeze);
    this.faults.configure(config.faults);
    this.limits.configure(config);
    this.#sharedPool.resize(config.capacity.all);
    this.language.prefills.resize(config.llm.prefills);
    this.language.gapGrowth = config.llm.gapGrowth;
    this.voice.gapGrowth = config.speech.gapGrowth;
    for (const name of MOCK_OPERATIONS) {
      const servers = config.capacity[name];
      const pool = this.#ownPools.get(name);
      if (servers === undefined) this.#ownPools.delete(name);
      else if (pool === undefined) this.#ownPools.set(name, new CapacityPool(this.clock, servers));
      else pool.resize(servers);
    }
  }
}
