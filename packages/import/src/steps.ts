import type { CorrelatedRequest } from './correlate.ts';

/** What a user does next: requests at once, after a pause. */
export interface Step {
  /** Before it; 0 for none. */
  readonly thinkSeconds: number;
  /** More than one: sent at once, as a browser does. */
  readonly requests: readonly CorrelatedRequest[];
}

/** Shorter pauses are the work of a browser and not of a person. */
const SHORTEST_THINK_SECONDS = 0.2;
/** Longer pauses are cut to this. */
const LONGEST_THINK_SECONDS = 3600;
const MOST_AT_ONCE = 50;

/**
 * Requests as they were recorded: those that overlapped all go at once, and pauses are think times.
 * @param requests in the order of their start, where it is recorded
 */
export function stepsOf(requests: readonly CorrelatedRequest[]): Step[] {
  const steps: Step[] = [];
  let group: CorrelatedRequest[] = [];
  let firstEndMs = 0;
  let lastEndMs: number | undefined;
  let thinkSeconds = 0;
  const close = (): void => {
    if (group.length > 0) steps.push({ thinkSeconds, requests: group });
    group = [];
  };
  for (const each of requests) {
    const { recorded } = each.request;
    if (recorded === undefined) {
      close();
      thinkSeconds = 0;
      group = [each];
      continue;
    }
    const joins = recorded.startMs < firstEndMs && group.length < MOST_AT_ONCE;
    if (group.length > 0 && joins && !isAlone(each) && !group.some(isAlone)) {
      group.push(each);
      firstEndMs = Math.min(firstEndMs, recorded.endMs);
    } else {
      close();
      thinkSeconds = lastEndMs === undefined ? 0 : pause(recorded.startMs - lastEndMs);
      group = [each];
      firstEndMs = recorded.endMs;
    }
    lastEndMs = Math.max(lastEndMs ?? recorded.endMs, recorded.endMs);
  }
  close();
  return steps;
}

function isAlone({ request }: CorrelatedRequest): boolean {
  return request.isAlone === true;
}

function pause(ms: number): number {
  const seconds = Math.round(ms / 100) / 10;
  return seconds < SHORTEST_THINK_SECONDS ? 0 : Math.min(seconds, LONGEST_THINK_SECONDS);
}
