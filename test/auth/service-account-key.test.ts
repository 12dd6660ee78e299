import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { serviceAccount, type ServiceAccountKey } from "zitadel-idp/auth";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { createKeyPair } from "../support/rsa-keys.js";

const { privatePkcs1, publicSpki } = createKeyPair();
const key: ServiceAccountKey = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: privatePkcs1,
  userId: "200000000000000001",
};
const json = JSON.stringify(key);
const utf8 = Buffer.from(json);
const utf16 = Buffer.from(json, "utf16le");

let folder: string;
let emulator: Emulator;
let baseUrl: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  emulator = createEmulator({
    seed: {
      organizations: [{ name: "Acme" }],
      serviceUsers: [
        {
          id: key.userId,
          name: "ci",
          organization: "Acme",
          organizationRoles: { Acme: ["ORG_OWNER"] },
          keys: [{ id: key.keyId, publicKey: publicSpki }],
        },
      ],
    },
  });
  baseUrl = (await emulator.listen()).url;
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

function fileOf(...parts: Uint8Array[]): string {
  const path = join(folder, "key.json");
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

describe("a key file", () => {
  test.each<[what: string, bytes: Uint8Array[], encoding: BufferEncoding]>([
    ["in UTF-8 with a byte order mark", [Buffer.of(0xef, 0xbb, 0xbf), utf8], "utf8"],
    ["with a byte order mark, read as Latin-1", [Buffer.of(0xef, 0xbb, 0xbf), utf8], "latin1"],
    ["in UTF-16 that is read as such", [Buffer.of(0xff, 0xfe), utf16], "utf16le"],
    ["with line ends of Windows around", [Buffer.from("\r\n"), utf8, Buffer.from("\r\n")], "utf8"],
    [
      "whose key has a literal \\n for each line end",
      [Buffer.from(JSON.stringify({ ...key, key: privatePkcs1.replaceAll("\n", "\\n") }))],
      "utf8",
    ],
    [
      "whose key has a byte order mark and line ends of Windows",
      [
        Buffer.from(
          JSON.stringify({ ...key, key: `\ufeff${privatePkcs1.replaceAll("\n", "\r\n")}` }),
        ),
      ],
      "utf8",
    ],
  ])("%s works", async (_, bytes, encoding) => {
    const auth = serviceAccount(readFileSync(fileOf(...bytes), encoding));
    await using client = createIdpClient({ baseUrl, auth });
    expect((await client.management.listProviders({})).result).toEqual([]);
  });

  const utf16Problem =
    /key file is UTF-16, which Windows PowerShell writes with ">": save the file as/;
  test.each<[what: string, bytes: Uint8Array[], encoding: BufferEncoding, problem: RegExp]>([
    ["of a PowerShell redirect", [Buffer.of(0xff, 0xfe), utf16], "utf8", utf16Problem],
    [
      "of a PowerShell redirect, as Latin-1",
      [Buffer.of(0xff, 0xfe), utf16],
      "latin1",
      utf16Problem,
    ],
    [
      "in big-endian UTF-16",
      [Buffer.of(0xfe, 0xff), Buffer.from(utf16).swap16()],
      "utf8",
      utf16Problem,
    ],
    ["in UTF-16 without a mark", [utf16], "utf8", utf16Problem],
    ["in big-endian UTF-16 without a mark", [Buffer.from(utf16).swap16()], "utf8", utf16Problem],
    ["in base64", [Buffer.from(utf8.toString("base64"))], "utf8", /is in base64; decode it first/],
    [
      "in base64 in lines",
      [Buffer.from(utf8.toString("base64").replace(/.{76}/g, "$&\n"))],
      "utf8",
      /is in base64; decode it first/,
    ],
    ["that is empty", [Buffer.of(0xef, 0xbb, 0xbf)], "utf8", /is empty/],
    [
      "that is a PEM file",
      [Buffer.from(privatePkcs1)],
      "utf8",
      /is a private key alone; pass the whole/,
    ],
    ["that is cut off", [utf8.subarray(0, 400)], "utf8", /is incomplete JSON/],
  ])("%s is explained", (_, bytes, encoding, problem) => {
    const text = readFileSync(fileOf(...bytes), encoding);
    const create = (): unknown => serviceAccount(text);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(problem);
    for (const part of [privatePkcs1.slice(100, 120), text.slice(100, 120) || "nothing"]) {
      expect(create).not.toThrow(part);
    }
  });

  test("that is read as bytes gets the advice to read it as text", () => {
    const bytes = readFileSync(fileOf(utf8)) as unknown as string;
    expect(() => serviceAccount(bytes)).toThrow(/not bytes: read it with readFile\(path, "utf8"\)/);
  });
});

describe("a token", () => {
  test.each<[what: string, token: string, problem: RegExp]>([
    ["with a byte order mark", "\ufefft0ps3cret", /must not begin with a byte order mark: save/],
    ["in UTF-16", Buffer.from("t0ps3cret", "utf16le").toString(), /is UTF-16/],
    ["in UTF-16 with a mark", Buffer.from("\ufefft0ps3cret", "utf16le").toString(), /is UTF-16/],
    ["with a line end of Windows", "t0ps3cret\r\n", /must not contain spaces, line breaks/],
    ["in quotes", '"t0ps3cret"', /must not be in quotes/],
    ["that is a key file", json, /must be a token, not a key: pass a key file to serviceAccount/],
    ["that is a private key", privatePkcs1, /must be a token, not a key/],
  ])("%s is explained", (_, auth, problem) => {
    const create = (): unknown => createIdpClient({ baseUrl, auth });
    expect(create).toThrow(problem);
    expect(create).not.toThrow("t0ps3cret");
    expect(create).not.toThrow(privatePkcs1.slice(100, 120));
  });
});
