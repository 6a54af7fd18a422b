/** Possible distances of ticks on a time axis, in seconds: whole seconds, minutes, hours. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Most distances between ticks on an axis of up to six days: the labels fit side by side on a phone. */
const MOST_TIME_TICKS = 6;

/** Round times from `from` to `to`, in seconds. */
export function timeTicks(from: number, to: number): number[] {
  const length = to - from;
  const step = TIME_STEPS.find((each) => length / each <= MOST_TIME_TICKS) ?? 86_400;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step);
}

/** A position in the run: `0:07`, `12:30`, `1:02:03`. */
export function formatSeconds(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
