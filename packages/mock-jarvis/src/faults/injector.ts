import { FAULT_KINDS } from '../config/schema.ts';
import type { FaultKind, MockConfig } from '../config/schema.ts';
import type { MockOperation } from '../operations.ts';
import { RandomStream } from '../random/stream.ts';

/** A fault injected into a running mock for a limited time. */
export interface InjectedFault {
  readonly kind: FaultKind;
  readonly probability: number;
  /** null = all */
  readonly operations: readonly MockOperation[] | null;
  readonly durationMs: number;
}

interface ActiveFault {
  readonly kind: FaultKind;
  readonly probability: number;
  readonly everyNth: number | null;
  readonly operations: ReadonlySet<string> | null;
  readonly startMs: number;
  readonly durationMs: number;
  readonly everyMs: number;
}

// Latency uses lanes 0 and 1 of an operation's random stream.
const FAULT_LANE = 2;
const MAX_INJECTED = 32;

function isOpen(fault: ActiveFault, elapsedMs: number): boolean {
  const since = elapsedMs - fault.startMs;
  return since >= 0 && (since < fault.durationMs || since % fault.everyMs < fault.durationMs);
}

/**
 * Decides which requests get a fault, and which kind: the first that applies, of injected faults from the oldest on, then of
 * configured ones in the order of `FAULT_KINDS`. Of more than `MAX_INJECTED` injected faults the oldest are dropped.
 */
export class FaultInjector {
  #config: MockConfig['faults'];
  #configured: readonly ActiveFault[] = [];
  #injected: ActiveFault[] = [];

  constructor(config: MockConfig['faults']) {
    this.#config = config;
    this.configure(config);
  }

  configure(config: MockConfig['faults']): void {
    this.#config = config;
    this.#configured = FAULT_KINDS.filter(
      (kind) => config[kind].probability > 0 || config[kind].everyNth !== null,
    ).map((kind) => {
      const { probability, everyNth, operations, window } = config[kind];
      return {
        kind,
        probability: everyNth === null ? probability : 0,
        everyNth,
        operations: operations === null ? null : new Set<string>(operations),
        startMs: window.startMs,
        durationMs: window.durationMs ?? Number.POSITIVE_INFINITY,
        everyMs: window.everyMs ?? Number.POSITIVE_INFINITY,
      };
    });
  }

  /** @param elapsedMs since the mock's start or last reset */
  inject(fault: InjectedFault, elapsedMs: number): void {
    this.#injected = this.#injected
      .filter((one) => one.startMs + one.durationMs > elapsedMs)
      .slice(1 - MAX_INJECTED);
    const operations = fault.operations === null ? null : new Set<string>(fault.operations);
    this.#injected.push({
      ...fault,
      everyNth: null,
      operations,
      startMs: elapsedMs,
      everyMs: Number.POSITIVE_INFINITY,
    });
  }

  /** Removes the injected faults; the configured ones stay. */
  clear(): void {
    this.#injected = [];
  }

  /**
   * The fault for a request, or undefined. One random draw for all kinds, so that their probabilities add up.
   * @param ordinal number of the request within its operation
   */
  draw(
    operation: MockOperation,
    phase: string,
    random: RandomStream,
    ordinal: number,
    elapsedMs: number,
  ): FaultKind | undefined {
    if (this.#configured.length === 0 && this.#injected.length === 0) return undefined;
    if (this.#config.spareOperations.includes(operation) || this.#config.sparePhases.includes(phase)) {
      return undefined;
    }
    const draw = random.unit(ordinal, FAULT_LANE);
    let reached = 0;
    for (const faults of [this.#injected, this.#configured]) {
      for (const fault of faults) {
        if (fault.operations !== null && !fault.operations.has(operation)) continue;
        if (!isOpen(fault, elapsedMs)) continue;
        if (fault.everyNth !== null && (ordinal + 1) % fault.everyNth === 0) return fault.kind;
        reached += fault.probability;
        if (draw < reached) return fault.kind;
      }
    }
    return undefined;
  }
}
