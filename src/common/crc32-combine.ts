/** CRC-32 polynomial (ITU-T V.42) in reflected bit order, as in zlib. */
const POLYNOMIAL = 0xedb88320;
/** The polynomial 1 in reflected bit order. */
const ONE = 2 ** 31;
const BITS_PER_BYTE_LOG2 = 3;

/** Values of x^(2^n) modulo the polynomial, indexed by n. The sequence repeats after 32 values. */
const POWERS = powers();

/**
 * Returns the CRC-32 of two adjacent byte sequences. The algorithm is `crc32_combine` from zlib, which Node.js does not
 * provide. The computation time grows only with the logarithm of `bytes`.
 * @param first CRC-32 of the first sequence
 * @param second CRC-32 of the second sequence
 * @param bytes length of the second sequence in bytes
 */
export function combineCrc32(first: number, second: number, bytes: number): number {
  return (multiply(powerOf(bytes), first) ^ second) >>> 0;
}

/** Returns x^(8 * bytes) modulo the polynomial. */
function powerOf(bytes: number): number {
  let power = ONE;
  for (let rest = bytes, n = BITS_PER_BYTE_LOG2; rest > 0; rest = Math.floor(rest / 2), n++)
    if (rest % 2 === 1) power = multiply(POWERS[n % POWERS.length] ?? ONE, power);
  return power;
}

/** Returns the product of two polynomials modulo the CRC-32 polynomial. */
function multiply(one: number, other: number): number {
  let product = 0;
  let factor = other;
  for (let bit = 31; bit >= 0; bit--) {
    if (((one >>> bit) & 1) === 1) product ^= factor;
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}

function powers(): readonly number[] {
  const all = [ONE / 2];
  while (all.length < 32) {
    const last = all.at(-1) ?? ONE;
    all.push(multiply(last, last));
  }
  return all;
}
