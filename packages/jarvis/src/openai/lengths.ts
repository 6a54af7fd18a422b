/** Draws a number of tokens: whole, at least 1. @param random uniform in [0, 1) */
export type Length = (random: () => number) => number;

/** How lengths are written, for errors and help. */
export const LENGTH_FORMS = '200, 100..400, normal(200,50), lognormal(200,80) or exponential(200)';

const MOST_TOKENS = 1_000_000;
const FORM = /^(?<kind>normal|lognormal|exponential)\((?<mean>[\d.]+)(?:,\s*(?<deviation>[\d.]+))?\)$/;

/**
 * Reads a distribution of lengths: a number, a range, or a name with mean and standard deviation of the length.
 * @returns undefined for other text
 */
export function parseLength(text: string): Length | undefined {
  const trimmed = text.trim().toLowerCase();
  const [low = Number.NaN, high = low] = trimmed.split('..').map(Number);
  if (isLength(low) && isLength(high) && low <= high && /^\d+(\.\.\d+)?$/.test(trimmed))
    return (random) => low + Math.floor(random() * (high - low + 1));
  const { kind, mean: meanText, deviation: deviationText } = FORM.exec(trimmed)?.groups ?? {};
  const mean = Number(meanText);
  const deviation = Number(deviationText);
  if (!isLength(mean)) return undefined;
  if (kind === 'exponential')
    return deviationText === undefined ? rounded((random) => -mean * Math.log(1 - random())) : undefined;
  if (!(deviation >= 0 && deviation <= MOST_TOKENS)) return undefined;
  if (kind === 'normal') return rounded((random) => mean + deviation * standardNormal(random));
  // Parameters of the logarithm from mean and deviation of the length itself.
  const variance = Math.log(1 + (deviation / mean) ** 2);
  const location = Math.log(mean) - variance / 2;
  return rounded((random) => Math.exp(location + Math.sqrt(variance) * standardNormal(random)));
}

function isLength(value: number): boolean {
  return value >= 1 && value <= MOST_TOKENS;
}

const rounded =
  (draw: Length): Length =>
  (random) =>
    Math.min(MOST_TOKENS, Math.max(1, Math.round(draw(random))));

/** Box and Muller's transform. */
function standardNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
