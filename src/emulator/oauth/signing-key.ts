/** The key that signs id_tokens. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  /** The public half, as the keys endpoint returns it. */
  readonly jwk: {
    readonly use: "sig";
    readonly kty: "RSA";
    readonly kid: string;
    readonly alg: "RS256";
    readonly n: string;
    readonly e: string;
  };
}

/** Returns a function that generates the key on its first call. */
export function createSigningKey(newId: () => string): () => Promise<SigningKey> {
  let key: Promise<SigningKey> | undefined;
  return () => (key ??= generateSigningKey(newId()));
}

async function generateSigningKey(kid: string): Promise<SigningKey> {
  // Import jose with the first signature, so that an emulator starts without it.
  const { exportJWK, generateKeyPair } = await import("jose");
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const { n = "", e = "" } = await exportJWK(publicKey);
  return { privateKey, jwk: { use: "sig", kty: "RSA", kid, alg: "RS256", n, e } };
}
