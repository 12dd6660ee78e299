import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { type DesiredState, plan } from "../../src/providers/index.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const organizations = Array.from({ length: 1000 }, (_, index) => String(index + 1));
/** Metadata so large that a thousand copies would show in memory. */
const metadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><!--${"x".repeat(12_000)}--><IDPSSODescriptor/></EntityDescriptor>`;
const settings = { name: "Acme", metadataXml: btoa(metadata) };

test("a thousand organizations are planned with one request each and in constant memory", async () => {
  const emulator = createEmulator({
    seed: {
      organizations: organizations.map((id) => ({ id, name: id })),
      providers: organizations.map((owner) => ({
        owner,
        rpc: "AddSAMLProvider",
        request: settings,
      })),
    },
  });
  const { url: baseUrl, token: auth } = emulator;
  let requests = 0;
  let underWay = 0;
  let most = 0;
  const fetch: typeof globalThis.fetch = async (...request) => {
    requests++;
    most = Math.max(most, ++underWay);
    try {
      return await emulator.fetch(...request);
    } finally {
      underWay--;
    }
  };
  await using client = createIdpClient({ baseUrl, auth, fetch });
  const desired: DesiredState = {
    organizations: Object.fromEntries(
      organizations.map((id) => [
        id,
        { providers: [{ type: "saml", name: "Acme", metadataXml: metadata }] },
      ]),
    ),
  };
  await plan(client, { organization: { providers: [] } });
  requests = 0;
  const heaps: number[] = [];
  const { owners } = await plan(client, desired, {
    concurrency: 3,
    onProgress: ({ done }) => {
      if (done === 100 || done === 1000) {
        heaps.push(heapMb());
      }
    },
  });
  expect(owners).toHaveLength(1000);
  expect(owners.every(({ actions, unchanged }) => actions.length === 0 && unchanged === 1)).toBe(
    true,
  );
  expect(requests).toBe(1000);
  expect(most).toBe(3);
  const [early = 0, late = 0] = heaps;
  // If they were kept, memory would grow by 11 MB more.
  expect(late - early).toBeLessThan(6);
});
