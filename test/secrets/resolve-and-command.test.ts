import { afterAll, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { resolveCreate, UnresolvedCreateError } from "zitadel-idp/providers";
import { waitForExit, waitForOutput, start } from "../support/program.js";
import { createMarkers } from "./markers.js";
import { callRpc } from "./call-rpc.js";
import { plantedRequest, secretFields, findShapes } from "./planted-secrets.js";
import { findMarkers } from "./find-markers.js";
import { collectTexts, collectErrorTexts } from "./collect-texts.js";

const markers = createMarkers();
const emulator = createEmulator();
afterAll(() => emulator.close());
const adds = secretFields.filter(
  ({ rpc }) => /^Add\w+Provider$/.test(rpc.name) && rpc.parent.name === "ManagementService",
);

test.each(adds.map(({ rpc, path }) => ({ name: rpc.localName, rpc, path })))(
  "the result of a lost $name is reported without its secret",
  async ({ name, rpc, path }) => {
    const { url: baseUrl, token, fetch } = emulator;
    const client = createIdpClient({ baseUrl, auth: token, fetch, retry: false });
    const shape = findShapes(path).right[0];
    const { request } = plantedRequest(rpc, path, shape, markers);
    const find = (since: Date): Promise<unknown> =>
      (resolveCreate as (...given: unknown[]) => Promise<unknown>)(
        client.management,
        name,
        request,
        {
          since,
          timeoutMs: 0,
        },
      ).catch((error: unknown) => error);

    const since = new Date();
    const nothing = await find(since);
    await callRpc(client, rpc, request);
    const earlier = await find(new Date(Date.now() + 60_000));
    await callRpc(client, rpc, request);
    const several = await find(since);
    using _ = emulator.inject({ fault: { type: "drop" } });
    const failed = await find(since);
    for (const error of [nothing, earlier, several, failed]) {
      const texts = [...collectErrorTexts(error), ...collectTexts(error)].map(([, text]) => text);
      expect(findMarkers(texts.join("\n"))).toEqual([]);
    }
    expect(nothing).toBeInstanceOf(UnresolvedCreateError);
    expect(failed).toBeInstanceOf(UnresolvedCreateError);
  },
);

test.each<[how: string, args: string[]]>([
  ["in lines", []],
  ["in JSON", ["--json"]],
])("the command prints requests %s without secrets and tokens", async (_, args) => {
  const token = markers.text("the token of the command");
  const child = start("dist/node/cli/main.js", [
    "emulator",
    "--port",
    "0",
    "--token",
    token,
    ...args,
  ]);
  const end = waitForExit(child);
  const [greeting, baseUrl = ""] = await waitForOutput(
    child,
    /[^]*?(http:\/\/localhost:\d+)[^]*(?:Ctrl\+C|\}\n)/,
  );
  for (const protocol of ["grpc", "grpc-web", "json"] as const) {
    await using client = createIdpClient({ baseUrl, auth: token, protocol, retry: false });
    await using stranger = createIdpClient({ baseUrl, auth: `${token}x`, protocol, retry: false });
    for (const { rpc, path } of secretFields.slice(0, 6)) {
      const { request } = plantedRequest(rpc, path, findShapes(path).right[0], markers);
      await callRpc(client, rpc, request);
      await callRpc(stranger, rpc, request);
    }
  }
  child.kill("SIGTERM");
  const { stdout, stderr } = await end;
  expect(stdout.length).toBeGreaterThan(greeting.length + 500);
  // The greeting contains the token: it is the emulator's own.
  expect(findMarkers(stdout.slice(greeting.length) + stderr)).toEqual([]);
});
