const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A difference in bytes with its sign, as the rest of the report writes it. */
export function signedSize(bytes: number): string {
  if (bytes === 0) return '±0 B';
  let value = Math.abs(bytes);
  let unit = 0;
  while (Number(value.toFixed(1)) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${bytes > 0 ? '+' : '−'}${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
