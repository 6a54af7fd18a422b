/**
 * What arithmetic says of a scripted server: the correct result of each accuracy case. All times in milliseconds.
 *
 * @typedef {object} Truth
 * @property {(p: number) => number} quantile
 * @property {number} mean
 * @property {number} max
 */

/**
 * All answers are held for a while, once, at a constant rate of arrivals: latency falls in a straight line from
 * `latencyMs + stallMs` to `latencyMs`. With a capacity the backlog of the stall needs time to drain, which makes the
 * line as much flatter as the capacity is used otherwise (rho).
 *
 * @param {{ ratePerSecond: number, durationMs: number, latencyMs: number, stallMs: number, capacityPerSecond?: number }} set
 * @returns {Truth}
 */
export function stallTruth({ ratePerSecond, durationMs, latencyMs, stallMs, capacityPerSecond }) {
  const rho = capacityPerSecond === undefined ? 0 : ratePerSecond / capacityPerSecond;
  return {
    quantile: (p) => latencyMs + Math.max(0, stallMs - durationMs * (1 - p) * (1 - rho)),
    mean: latencyMs + stallMs ** 2 / (2 * durationMs * (1 - rho)),
    max: latencyMs + stallMs,
  };
}

/**
 * More arrivals than one server can take: arrival k waits for all that is left of those before it.
 *
 * @param {{ ratePerSecond: number, servicePerSecond: number, durationMs: number }} set
 * @returns {Truth & { achieved: number, drainedMs: number }}
 */
export function overloadTruth({ ratePerSecond, servicePerSecond, durationMs }) {
  const serviceMs = 1000 / servicePerSecond;
  const growthMs = serviceMs - 1000 / ratePerSecond;
  const count = Math.ceil((ratePerSecond * durationMs) / 1000);
  const latency = (/** @type {number} */ k) => serviceMs + k * growthMs;
  return {
    quantile: (p) => latency(Math.max(1, Math.ceil(p * count)) - 1),
    mean: (latency(0) + latency(count - 1)) / 2,
    max: latency(count - 1),
    achieved: servicePerSecond / ratePerSecond,
    drainedMs: count * serviceMs,
  };
}

/**
 * One server, first come first served, and any schedule (Lindley 1952): each arrival starts when the one before is done.
 *
 * @param {Iterable<number>} arrivalsMs ascending
 * @param {number} serviceMs
 * @returns {Truth & { sorted: Float64Array }}
 */
export function lindleyTruth(arrivalsMs, serviceMs) {
  let doneMs = Number.NEGATIVE_INFINITY;
  const latencies = [];
  for (const arrivalMs of arrivalsMs) {
    doneMs = Math.max(arrivalMs, doneMs) + serviceMs;
    latencies.push(doneMs - arrivalMs);
  }
  return sampleTruth(latencies);
}

/**
 * The quantiles of measured values: the sample of rank `ceil(p * n)`.
 *
 * @param {Iterable<number>} values
 * @returns {Truth & { sorted: Float64Array, min: number }}
 */
export function sampleTruth(values) {
  const sorted = Float64Array.from(values).sort();
  return {
    sorted,
    quantile: (p) => sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? Number.NaN,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}
