import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, connect, type Settings } from "node:http2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { sendBytes } from "../support/raw-http.js";
import { findDifference } from "./known-differences.js";

const recording = JSON.parse(
  readFileSync(new URL("../recordings/http2-settings.json", import.meta.url), "utf8"),
) as { settings: Settings; ping: string; upgradeH2c: string };

let emulator: Emulator;
let listener: Listener;
let session: ClientHttp2Session;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  session = connect(listener.url);
  await once(session, "remoteSettings");
});
afterAll(async () => {
  session.destroy();
  await emulator.close();
});

test("the settings of HTTP/2 are those of the recorded server", () => {
  expect(session.remoteSettings).toMatchObject(recording.settings);
});

test("a ping is answered", async () => {
  const duration = await new Promise((resolve, reject) => {
    session.ping((error, ms) => (error === null ? resolve(ms) : reject(error)));
  });
  expect([duration, recording.ping]).toEqual([expect.any(Number), "answered"]);
});

test("an upgrade from HTTP/1 is listed as different: the response stays HTTP/1", async () => {
  const text = await sendBytes(
    listener.port,
    Buffer.from(
      "GET /debug/healthz HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade, http2-settings, close\r\n" +
        "upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n",
    ),
  );
  const [statusLine] = text.split("\r\n");
  expect(statusLine).toBe("HTTP/1.1 200 OK");
  expect(statusLine).not.toBe(recording.upgradeH2c);
  expect(findDifference("http2-settings", "upgradeH2c")).toBeDefined();
});
