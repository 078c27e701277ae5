/** Parses Kubernetes resource quantities (`1Gi`, `500m`, `2e3`). The API server stores quantities in canonical form. */

const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;

const DECIMAL_EXPONENT: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_POWER: Readonly<Record<string, bigint>> = { Ki: 1n, Mi: 2n, Gi: 3n, Ti: 4n, Pi: 5n, Ei: 6n };

/**
 * Number of decimal places in a quantity. The smallest unit is one billionth. The API server rounds smaller values up.
 */
const NANO_EXPONENT = 9;

/** Returns the value in billionths, or undefined if the text is not a quantity. */
export function parseQuantity(text: string | number): bigint | undefined {
  const match = SYNTAX.exec(String(text));
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", suffix = "", exponent] = match;
  if (whole === "" && fraction === "") return undefined;
  const power = BINARY_POWER[suffix];
  const digits = BigInt(whole + fraction) * (power === undefined ? 1n : 1024n ** power);
  const decimal = exponent === undefined ? (DECIMAL_EXPONENT[suffix] ?? 0) : Number(exponent);
  const shift = NANO_EXPONENT + decimal - fraction.length;
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift));
  return sign === "-" ? -magnitude : magnitude;
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}
