import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { servedMethods } from "../../src/emulator/methods.js";
import { callRaw, wireNames } from "../support/wires.js";

const token = "token-of-iam-owner";
const legacy = {
  clientId: "c",
  clientSecret: "s",
  issuer: "https://a.example",
  displayNameMapping: "OIDC_MAPPING_FIELD_EMAIL",
  usernameMapping: "OIDC_MAPPING_FIELD_EMAIL",
};
const unreadable =
  "unknown database error: ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05) ()";

describe.each(wireNames)("a NUL over %s", (wire) => {
  let emulator: Emulator;
  let listener: Listener;
  beforeAll(async () => {
    emulator = createEmulator({
      seed: {
        organizations: [{ id: "100000000000000001", name: "org" }],
        serviceUsers: [
          { name: "iam_owner", organization: "org", token, instanceRoles: ["IAM_OWNER"] },
        ],
      },
    });
    listener = await emulator.listen();
  });
  afterAll(() => emulator.close());

  const call = async (name: string, request: JsonObject): Promise<unknown> => {
    const [service = "", rpc = ""] = name.split("/");
    const method = servedMethods
      .get(`zitadel.${service.toLowerCase()}.v1.${service}Service`)
      ?.get(rpc);
    if (method === undefined) {
      throw new Error(`no RPC ${name}`);
    }
    const outcome = await callRaw(wire, listener.port, method, request, {
      authorization: `Bearer ${token}`,
    });
    return "error" in outcome ? outcome.error["message"] : "ok";
  };

  test.each<[name: string, request: JsonObject, message: string]>([
    [
      "Admin/ListIDPs",
      { queries: [{ idpNameQuery: { name: "\0" } }] },
      "An internal error occurred (QUERY-xPlVH)",
    ],
    [
      "Management/ListOrgIDPs",
      { queries: [{ idpIdQuery: { id: "\0" } }] },
      "An internal error occurred (QUERY-xPlVH)",
    ],
    [
      "Admin/ListProviders",
      { queries: [{ idpIdQuery: { id: "\0" } }] },
      "An internal error occurred (QUERY-BDFrq)",
    ],
    [
      "Admin/MigrateGenericOIDCProvider",
      { id: "a\0", google: { clientId: "c", clientSecret: "s" } },
      "unable to filter events (SQL-KyeAx)",
    ],
    ["Admin/AddGoogleProvider", { clientId: "c", clientSecret: "s\0" }, "ok"],
    ["Admin/AddGoogleProvider", { clientId: "c", clientSecret: "s", name: "\0" }, unreadable],
    ["Admin/AddOIDCIDP", { ...legacy, name: "a\0" }, unreadable],
    ["Admin/AddOIDCIDP", { ...legacy, name: "taken" }, "ok"],
    ["Admin/AddOIDCIDP", { ...legacy, name: "taken", issuer: "\0" }, unreadable],
    ["Admin/AddOIDCIDP", { ...legacy, name: "free", issuer: "\0" }, unreadable],
    ["Admin/AddOIDCIDP", { ...legacy, name: "free" }, "ok"],
    ["Admin/AddOIDCIDP", { ...legacy, name: String.raw`a text such as \u0000` }, "ok"],
  ])("in %s %j gives %s", async (name, request, message) => {
    // REST has the id in the path, where the gateway rejects a NUL before the service.
    const isInPath = wire === "json" && name.includes("/Migrate");
    expect(await call(name, request)).toBe(
      isInPath
        ? 'header key "zitadel-activity-path" contains value with non-printable ASCII characters'
        : message,
    );
  });
});
