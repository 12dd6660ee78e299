/** The most digits of a 64-bit integer. */
const maxDigits = 20;

const exponentForm = /^[+-]?\d+$/;
const anyDigitButZero = /[1-9]/;

/**
 * Returns the integer that a JSON number stands for, also with a fraction or an exponent: `1.0`, `10e-1`, `1.5e1`. Returns
 * `undefined` for all other numbers, and for more digits than a 64-bit integer has.
 *
 * Follows normalizeToIntString of protobuf-go, which never writes out a large exponent.
 */
export function parseInteger(number: string): bigint | undefined {
  const [mantissa = "", exponentText = ""] = number.toLowerCase().split("e");
  const [signedWhole = "", fractionText = ""] = mantissa.split(".");
  const isNegative = signedWhole.startsWith("-");
  const unsigned = isNegative ? signedWhole.slice(1) : signedWhole;
  const whole = unsigned === "0" ? "" : unsigned;
  const fraction = withoutTrailingZeros(fractionText);
  if (unsigned === "") {
    return undefined;
  }
  if (whole === "" && fraction === "") {
    return 0n;
  }
  const exponent = parseExponent(exponentText);
  const digits = exponent === undefined ? undefined : shiftPoint(whole, fraction, exponent);
  return digits === undefined ? undefined : BigInt(digits) * (isNegative ? -1n : 1n);
}

/** Parses an exponent of 32 bits. The exponent of `1e`, which protobuf-go takes in a string, is 0. */
function parseExponent(text: string): number | undefined {
  if (text === "") {
    return 0;
  }
  const exponent = exponentForm.test(text) ? Number(text) : NaN;
  return exponent >= -(2 ** 31) && exponent < 2 ** 31 ? exponent : undefined;
}

/** Returns the digits of a number after moving its decimal point. Returns `undefined` if digits remain after the point. */
function shiftPoint(whole: string, fraction: string, exponent: number): string | undefined {
  const length = whole.length + exponent;
  if (length > maxDigits || length < 0 || fraction.length > Math.max(exponent, 0)) {
    return undefined;
  }
  if (exponent >= 0) {
    return whole + fraction.padEnd(exponent, "0");
  }
  return anyDigitButZero.test(whole.slice(length)) ? undefined : whole.slice(0, length);
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") {
    end--;
  }
  return digits.slice(0, end);
}
