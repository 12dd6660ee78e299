const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** Whether there is a PEM certificate among `bytes`. Text around it and blocks that are none do not matter. */
export function certificateIn(bytes: Uint8Array): boolean {
  return [...new TextDecoder().decode(bytes).matchAll(block)].some(([, base64 = ""]) =>
    isDerSequence(base64),
  );
}

/** Whether the content is one DER SEQUENCE of exactly the length it claims, with another SEQUENCE inside. */
function isDerSequence(base64: string): boolean {
  let der: string;
  try {
    der = atob(base64.replace(/\s/g, ""));
  } catch {
    return false;
  }
  const at = (index: number): number => der.charCodeAt(index);
  const sequence = 0x30;
  const lengthBytes = at(1) > 0x80 ? at(1) - 0x80 : 0;
  let length = lengthBytes === 0 ? at(1) : 0;
  for (let index = 0; index < lengthBytes; index++) {
    length = length * 256 + at(2 + index);
  }
  const start = 2 + lengthBytes;
  return at(0) === sequence && start + length === der.length && at(start) === sequence;
}
