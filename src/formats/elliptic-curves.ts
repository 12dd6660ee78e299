/** A curve of NIST: the points (x, y) with y² = x³ - 3x + b modulo a prime. */
interface EllipticCurve {
  readonly prime: bigint;
  readonly b: bigint;
  /** The number of points. Private keys are numbers from 1 to below the order. */
  readonly order: bigint;
  /** The length of a coordinate in bytes. */
  readonly bytes: number;
}

/** The curves that Go's `crypto/x509` knows, by their object identifiers in hexadecimal: P-224, P-256, P-384 and P-521. */
export const ellipticCurves: ReadonlyMap<string, EllipticCurve> = new Map([
  [
    "2b81040021",
    {
      prime: 0xffffffffffffffffffffffffffffffff000000000000000000000001n,
      b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
      order: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
      bytes: 28,
    },
  ],
  [
    "2a8648ce3d030107",
    {
      prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
      order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
      bytes: 32,
    },
  ],
  [
    "2b81040022",
    {
      prime:
        0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
      order:
        0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
      bytes: 48,
    },
  ],
  [
    "2b81040023",
    {
      prime:
        0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
      b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
      order:
        0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
      bytes: 66,
    },
  ],
]);

/** Returns true for coordinates of a point on a curve. */
export function isOnCurve({ prime, b }: EllipticCurve, x: bigint, y: bigint): boolean {
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}
