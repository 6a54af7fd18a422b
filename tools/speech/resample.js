// @ts-check
/** Zero crossings of the filter on each side of a sample. */
const LOBES = 24;

/**
 * Changes the sampling rate by band-limited interpolation: a sinc under a Hann window, cut off at the lower of the two
 * Nyquist frequencies (Smith, "Digital Audio Resampling"). The same input gives the same output.
 *
 * @param {Int16Array} samples
 * @param {number} from hertz
 * @param {number} to hertz
 * @returns {Int16Array}
 */
export function resample(samples, from, to) {
  if (from === to) return samples;
  const cutoff = Math.min(1, to / from);
  const reach = LOBES / cutoff;
  return Int16Array.from({ length: Math.floor((samples.length * to) / from) }, (_, index) => {
    const center = (index * from) / to;
    const first = Math.max(0, Math.ceil(center - reach));
    const last = Math.min(samples.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let at = first; at <= last; at += 1) {
      const distance = at - center;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[at] ?? 0) * cutoff * sinc(cutoff * distance) * window;
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

const sinc = (/** @type {number} */ x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
