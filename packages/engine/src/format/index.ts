export { formatLatency, formatLimit, formatMeasure, formatMeasured } from './measure.ts';
export { NO_VALUE, formatCount, formatNumber, formatShare, trimZeros } from './number.ts';
