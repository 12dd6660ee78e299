const pemBlocks = {
  CERTIFICATE: /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g,
  "PRIVATE KEY": /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/g,
};

/** Yields the DER content of each PEM block with this label. Text around the blocks does not matter. */
function* blocks(
  bytes: Uint8Array,
  label: keyof typeof pemBlocks,
): Generator<Uint8Array<ArrayBuffer>> {
  for (const [, base64 = ""] of new TextDecoder().decode(bytes).matchAll(pemBlocks[label])) {
    try {
      yield Uint8Array.from(atob(base64.replace(/\s/g, "")), (char) => char.charCodeAt(0));
    } catch {
      // Not base64: no block.
    }
  }
}

/** Whether there is a PEM certificate among `bytes`. */
export function certificateIn(bytes: Uint8Array): boolean {
  return [...blocks(bytes, "CERTIFICATE")].some(isDerSequence);
}

/** Whether `bytes` are a PEM block with an elliptic-curve key in PKCS#8, as Apple issues them. */
export async function isEcPrivateKey(bytes: Uint8Array): Promise<boolean> {
  const [der] = blocks(bytes, "PRIVATE KEY");
  if (der === undefined) {
    return false;
  }
  const attempts = ["P-256", "P-384", "P-521"].map((namedCurve) =>
    crypto.subtle.importKey("pkcs8", der, { name: "ECDSA", namedCurve }, false, ["sign"]),
  );
  return (await Promise.allSettled(attempts)).some(({ status }) => status === "fulfilled");
}

/** Whether the content is one DER SEQUENCE of exactly the length it claims, with another SEQUENCE inside. */
function isDerSequence(der: Uint8Array): boolean {
  const at = (index: number): number => der[index] ?? 0;
  const sequence = 0x30;
  const lengthBytes = at(1) > 0x80 ? at(1) - 0x80 : 0;
  let length = lengthBytes === 0 ? at(1) : 0;
  for (let index = 0; index < lengthBytes; index++) {
    length = length * 256 + at(2 + index);
  }
  const start = 2 + lengthBytes;
  return at(0) === sequence && start + length === der.length && at(start) === sequence;
}
