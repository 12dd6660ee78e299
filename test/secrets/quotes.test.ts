import { describe, expect, test } from "vitest";
import { collectSecrets } from "../../src/redact/collect-secrets.js";
import { redactText } from "../../src/redact/redact-text.js";
import { createMarkers } from "./markers.js";
import { secretFields, findShapes } from "./planted-secrets.js";
import { toSentBytes, quotes } from "./quotes.js";
import { findMarkers } from "./find-markers.js";

const markers = createMarkers();
const fields = ["client_secret", "private_key"].flatMap((name) =>
  secretFields.filter(({ path }) => path.length === 1 && path[0]?.name === name).slice(0, 1),
);

describe.each(Object.entries(quotes))("a secret that is quoted %s", (name, quote) => {
  test("is found by the search, and removed completely", () => {
    const left: string[] = [];
    for (const { rpc, path } of fields) {
      const { right, wrong } = findShapes(path);
      for (const shape of [...right, ...wrong]) {
        const secret = shape.make(markers, shape.name);
        const request = { [path[0]?.localName ?? ""]: secret };
        const text = `got ${quote(toSentBytes(secret))}.`;
        if (!/object|fraction|^base64/.test(shape.name)) {
          expect(findMarkers(text), `${shape.name} ${text}`).not.toEqual([]);
        }
        const clean = redactText(text, collectSecrets(rpc.input, request));
        if (findMarkers(clean).length > 0) {
          left.push(`${name}, ${shape.name}: ${clean}`);
        }
      }
    }
    expect(left).toEqual([]);
  });
});
