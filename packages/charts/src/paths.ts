import { area, curveStep, curveStepBefore, line } from 'd3-shape';
import { round } from './svg-node.ts';

/** A point in a plot area; null where there is no value. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
  /** Lower edge of an area. */
  readonly base?: number;
}

/** Where a stepped line changes: at the point before, or in the middle between two points. */
export type Step = 'before' | 'middle';

const STEPS = { before: curveStepBefore, middle: curveStep } as const;

const y = (point: Point): number => point.y ?? 0;
const defined = (point: Point): boolean => point.y !== null;

/**
 * A line through the points, interrupted where there is no value. A value without neighbours is a line of no length,
 * which a round line cap shows as a dot.
 */
export function linePath(points: readonly Point[], step?: Step): string {
  const generator = line<Point>()
    .defined(defined)
    .x(({ x }) => x)
    .y(y)
    .digits(1);
  if (step !== undefined) generator.curve(STEPS[step]);
  const path = generator(points) ?? '';
  return path.replaceAll('Z', 'h0');
}

/** The area between the points and their base. */
export function areaPath(points: readonly Point[], bottom: number, step?: Step): string {
  const generator = area<Point>()
    .defined(defined)
    .x(({ x }) => x)
    .y1(y)
    .y0(({ base }) => base ?? bottom)
    .digits(1);
  if (step !== undefined) generator.curve(STEPS[step]);
  return generator(points) ?? '';
}

/** Whether a point has a value and its neighbours have none. */
export function isLone(points: readonly Point[], index: number): boolean {
  const has = (at: number): boolean => (points[at]?.y ?? null) !== null;
  return has(index) && !has(index - 1) && !has(index + 1);
}

/** Dots at the points: lines of no length. */
export function dotsPath(points: readonly Point[]): string {
  return points
    .flatMap((point) => (point.y === null ? [] : [`M${round(point.x)} ${round(point.y)}h0`]))
    .join('');
}
