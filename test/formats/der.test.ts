import { expect, test } from "vitest";
import { derTags, encodeDer, readDer } from "../../src/formats/der.js";

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000])(
  "a value of %i bytes is read as it was encoded",
  (length) => {
    const content = Uint8Array.from({ length }, (_, index) => index % 251);
    const encoded = encodeDer(
      derTags.octetString,
      content.subarray(0, length >> 1),
      content.subarray(length >> 1),
    );
    const value = readDer(encoded);
    expect(value?.tag).toBe(derTags.octetString);
    expect(value?.rest).toHaveLength(0);
    expect(Buffer.from(value?.content ?? []).equals(content)).toBe(true);
  },
);
