import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { servedMethods } from "../../src/emulator/methods.js";
import { readStepRecording } from "../support/recordings.js";
import { callRaw } from "../support/wires.js";
import { findDifference } from "./known-differences.js";
import { namedStepRecordings } from "./replayed-recordings.js";

/** The metadata of the identity provider, in two versions. */
const versions = { A: writeMetadata("a"), B: writeMetadata("b") };

function writeMetadata(entity: string): string {
  return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entity}"><IDPSSODescriptor/></EntityDescriptor>`;
}

/** The response of the web server of the identity provider for each path. */
const pages: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/md": (response) => send(response, 200, "application/samlmetadata+xml", versions[served]),
  "/text": (response) => send(response, 200, "text/plain", versions.A),
  "/html": (response) => send(response, 200, "text/html", "<html><body>Sign in</body></html>"),
  "/empty": (response) => send(response, 200, "application/samlmetadata+xml", ""),
  "/302": (response) => void response.writeHead(302, { location: "/md" }).end(),
  "/500": (response) => send(response, 500, "text/plain", "no"),
  "/404md": (response) => send(response, 404, "application/samlmetadata+xml", versions.A),
};

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type }).end(body);
}

let web: Server;
let origin: string;
/** The version of the metadata that the web server has. */
let served: keyof typeof versions = "A";
/** The requests that the web server got since the last step. */
let requests: JsonObject[] = [];

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { method = "", url = "", headers } = request;
  const local = new URL(origin).host;
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    String(value).replaceAll(local, "<local>"),
  ]);
  requests.push({ method, path: url, headers: Object.fromEntries(shown) as JsonObject });
  const page = pages[url] ?? ((each) => send(each, 404, "text/plain", ""));
  page(response);
}

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  web = createServer(serve);
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  emulator = createEmulator({ seed: { instance: { allowPrivateUrls: true } } });
  listener = await emulator.listen();
});
afterAll(async () => {
  await emulator.close();
  web.close();
});

type Level = "organization" | "instance";

const services = {
  organization: "zitadel.management.v1.ManagementService",
  instance: "zitadel.admin.v1.AdminService",
};

async function call(level: Level, rpc: string, request: JsonObject): Promise<JsonObject> {
  const method = servedMethods.get(services[level])?.get(rpc);
  if (method === undefined) {
    throw new Error(`no RPC ${rpc}`);
  }
  const { token, orgId } = emulator;
  const headers = { authorization: `Bearer ${token}`, "x-zitadel-orgid": orgId };
  return await callRaw("json", listener.port, method, request, headers);
}

/** The id of the provider whose metadata the steps read and change. */
let id = "";
const certificates: string[] = [];

/** Adds a provider with metadata from a path of the web server. */
async function add(level: Level, path: string): Promise<JsonObject> {
  requests = [];
  const request = { name: path, metadataUrl: origin + path };
  const result = await call(level, "AddSAMLProvider", request);
  const made = result["ok"] as JsonObject | undefined;
  if (level === "organization" && path === "/md") {
    id = String(made?.["id"]);
  }
  return { result: made === undefined ? result : { ok: true }, serverRequests: requests };
}

async function readProvider(): Promise<JsonObject> {
  const { ok } = (await call("organization", "GetProviderByID", { id })) as {
    ok: { idp: { config: { saml: JsonObject } } };
  };
  const { saml } = ok.idp.config;
  const xml = Buffer.from(String(saml["metadataXml"]), "base64").toString();
  const [version = ""] = Object.entries(versions).find(([, text]) => text === xml) ?? [];
  return {
    metadataIs: version,
    hasUrl: "metadataUrl" in saml,
    saml: { ...saml, metadataXml: "<xml>" },
  };
}

/** Reads the metadata of the service provider. */
async function readServiceProvider(): Promise<JsonObject> {
  const response = await fetch(`${listener.url}/idps/${id}/saml/metadata`);
  const text = await response.text();
  const found = [...text.matchAll(/<X509Certificate>([^<]+)</g)].map(([, base64 = ""]) => base64);
  certificates.push(...found);
  return {
    status: response.status,
    contentType: response.headers.get("content-type"),
    certificates: found,
    length: text.length,
  };
}

async function regenerate(): Promise<JsonObject> {
  const result = await call("organization", "RegenerateSAMLProviderCertificate", { id });
  return { result };
}

/** Updates the provider with a URL, whose metadata has changed by now. */
async function update(): Promise<JsonObject> {
  requests = [];
  const request = { id, name: "/md", metadataUrl: `${origin}/md` };
  const result = await call("organization", "UpdateSAMLProvider", request);
  return { result: "ok" in result ? "ok" : result, fetched: requests.length };
}

/** The steps that are no add. */
const actions: Readonly<Record<string, () => Promise<JsonObject> | JsonObject>> = {
  "read: XML is stored": readProvider,
  "service provider metadata": readServiceProvider,
  regenerate,
  "service provider metadata after regenerate": readServiceProvider,
  "stored XML does not follow the URL"() {
    served = "B";
    return readProvider();
  },
  "update with the URL": update,
  "read after update with the URL": readProvider,
  "service provider metadata after update": readServiceProvider,
  certificates() {
    const [first, second, third] = certificates;
    return { regenerateChanges: first !== second, updateKeeps: second === third };
  },
};

async function act(name: string): Promise<JsonObject> {
  const action = actions[name];
  if (action !== undefined) {
    return await action();
  }
  const [, level = "", path = ""] = /^(organization|instance): (.*)$/.exec(name) ?? [];
  return await add(level as Level, path === "good URL" ? "/md" : path);
}

const recordedOrgId = "400683256447503398";

/** The parts of all steps that depend on the libraries of the server. */
const other: Record<"outcome" | "expected", { headers: JsonValue[]; lengths: JsonValue[] }> = {
  outcome: { headers: [], lengths: [] },
  expected: { headers: [], lengths: [] },
};

/** Takes these parts out of a step, and replaces values that differ from run to run. */
function normalize(side: keyof typeof other, { name: _name, ...step }: JsonObject): JsonValue {
  const { headers, lengths } = other[side];
  return JSON.parse(JSON.stringify(step), (key, value: JsonValue) => {
    switch (key) {
      case "headers":
        headers.push(value);
        return undefined;
      case "length":
        lengths.push(value);
        return undefined;
      case "certificates":
        return Array.isArray(value) ? value.length : value;
      case "changeDate":
        return /^\d{4}-\d\d-\d\dT.*Z$/.test(String(value)) ? "<time>" : value;
      case "resourceOwner":
        return [recordedOrgId, emulator.orgId].includes(String(value)) ? "<org>" : value;
      default:
        return value;
    }
  }) as JsonValue;
}

test("all steps of the recording saml-url match", async () => {
  const { steps } = readStepRecording("saml-url");
  for (const step of steps) {
    const outcome = normalize("outcome", await act(step.name));
    expect.soft(outcome, step.name).toEqual(normalize("expected", step));
  }
  expect(steps).toHaveLength(namedStepRecordings["saml-url"]);
  const { outcome, expected } = other;
  expect(expected.headers).toHaveLength(13);
  expect(expected.lengths).toHaveLength(3);
  expect.soft(outcome.headers, "headers").toEqual(expected.headers);
  expect(findDifference("saml-url", "lengths")).toBeDefined();
  expect.soft(outcome.lengths, "lengths (listed as different)").not.toEqual(expected.lengths);
  // It creates two RSA keys.
}, 60_000);
