import type { RunResult } from '@jarvis-load/engine/result';

/** Numbers of users, or of iterations, that differ by this share are those of another load. */
const MOST_MORE = 0.1;
/** Fewer intervals are a ramp and a drain. */
const LEAST_POINTS = 3;

interface Users {
  readonly mean: number;
  readonly most: number;
  /** The same number all the time, as executors with a fixed number of users have it. */
  readonly isConstant: boolean;
  readonly iterationsPerSecond: number;
}

/**
 * How the users of two runs differ whose executors are not known, as of k6 files. Undefined where they may have had the same load:
 * a slower target also raises the number of users who wait, where a rate decides when a request is sent; then iterations do not
 * rise with it.
 */
export function otherUsers(a: RunResult, b: RunResult): string | undefined {
  // Without a free user an iteration is dropped: a rate decided, and a slower target took all of its users.
  if (a.iterations.dropped > 0 || b.iterations.dropped > 0) return undefined;
  const [one, other] = [a, b].map(usersOf);
  if (one === undefined || other === undefined) return undefined;
  const text = `up to ${one.most} users, and up to ${other.most}`;
  if (one.isConstant && other.isConstant) return one.most === other.most ? undefined : text;
  const more = direction(one.mean, other.mean);
  return more !== 0 && more === direction(one.iterationsPerSecond, other.iterationsPerSecond)
    ? text
    : undefined;
}

/** Users between the first and the last interval, which may be parts of a second; undefined where they are not known. */
function usersOf({ series }: RunResult): Users | undefined {
  const points = series.points.slice(1, -1);
  const users = points.flatMap((point) => (point.users === null ? [] : [point.users]));
  if (users.length < LEAST_POINTS || users.length < points.length) return undefined;
  const seconds = points.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  const most = Math.max(...users);
  return {
    mean: users.reduce((sum, count) => sum + count, 0) / users.length,
    most,
    isConstant: Math.min(...users) === most,
    iterationsPerSecond: points.reduce((sum, { iterations }) => sum + iterations, 0) / seconds,
  };
}

/** 1: the second is larger by more than a tenth of the larger one; -1: the first; 0: neither. */
function direction(one: number, other: number): number {
  return Math.abs(other - one) <= MOST_MORE * Math.max(one, other) ? 0 : Math.sign(other - one);
}
