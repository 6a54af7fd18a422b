/** Shown in place of a missing value. */
export const NO_VALUE = '–';

const grouped = (fractionDigits: number) =>
  new Intl.NumberFormat('en-US', {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  });
const FORMATS = [grouped(0), grouped(1), grouped(2), grouped(3)] as const;

/** A whole number with thousands separators. */
export function formatCount(value: number | null): string {
  if (value === null) return NO_VALUE;
  return FORMATS[0].format(value);
}

/** About three significant digits, never finer than a thousandth: 0.042, 0.42, 4.20, 41.2, 412, 4,123. */
export function formatNumber(value: number | null): string {
  if (value === null) return NO_VALUE;
  const magnitude = Math.abs(value);
  if (magnitude === 0) return '0';
  if (magnitude < 0.0995) return FORMATS[3].format(value);
  if (magnitude < 9.995) return FORMATS[2].format(value);
  if (magnitude < 99.95) return FORMATS[1].format(value);
  return FORMATS[0].format(value);
}

/** A share (0 to 1) as percent. Values above 0 % never round to 0 %, values below 100 % never to 100 %. */
export function formatShare(share: number | null): string {
  if (share === null) return NO_VALUE;
  const percent = share * 100;
  if (percent === 0) return '0%';
  if (percent > 0 && percent < 0.01) return '<0.01%';
  if (percent === 100) return '100%';
  if (percent > 99.99 && percent < 100) return '>99.99%';
  if (Math.abs(percent) > 100) return `${FORMATS[0].format(percent)}%`;
  const digits = Math.abs(percent) < 10 || percent > 99.9 ? 2 : 1;
  return `${trimZeros(FORMATS[digits].format(percent))}%`;
}

/** Bytes in decimal units: 812 B, 1.24 kB, 31.8 MB. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return NO_VALUE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? formatCount(value) : formatNumber(value)} ${units[unit] ?? ''}`;
}

/** Removes trailing zeros of decimals: `30.0/s` becomes `30/s`, `2.50` becomes `2.5`. */
export function trimZeros(text: string): string {
  return text.replace(/\.(\d*?)0+(?=\D|$)/, (_all, kept: string) => (kept === '' ? '' : `.${kept}`));
}
