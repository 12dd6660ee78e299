import { readFileSync } from "node:fs";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { type RawResponse, sendRaw } from "../support/raw-http.js";
import {
  anotherKeyPair,
  createBasicHeader,
  parseJsonBody,
  keyId,
  keyPair,
  nowSeconds,
  oauthSecret,
  oauthUserId,
  useOAuth,
} from "../support/use-oauth.js";
import { findDifference } from "./known-differences.js";
import { namedStepRecordings } from "./replayed-recordings.js";

const { issuer, port } = await useOAuth();

interface Step {
  name: string;
  method: string;
  path: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  /** The parts of `<assertion>` in the form. Times are seconds from now. */
  assertion?: Assertion;
  basic?: [id: string, secret: string];
  body?: string;
  response: { status: number; headers: number; body?: Record<string, unknown> };
  /** The response to a call of the API with the token. */
  api?: { status: number; body: unknown };
}

interface Assertion {
  header: { alg: string; kid?: string };
  claims: Record<string, unknown>;
  signedWith?: "another key";
}

const recording = JSON.parse(
  readFileSync(new URL("../recordings/token-endpoint.json", import.meta.url), "utf8"),
) as { headerSets: Record<string, string | string[]>[]; steps: Step[] };

describe("the responses of the recording", () => {
  const steps = recording.steps.filter(
    ({ name }) => findDifference("token-endpoint", name) === undefined,
  );
  test.each(steps)("$name", async (step) => {
    const { headers, body } = await fill(step);
    const response = await sendRaw(port, {
      method: step.method,
      path: step.path,
      headers,
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
    expect(describeResponse(response)).toEqual({
      status: step.response.status,
      headers: normalizeHeaders(recording.headerSets[step.response.headers] ?? {}),
      body: expectedBody(step),
    });
    if (step.api !== undefined) {
      const answer = await sendRaw(port, {
        method: "GET",
        path: "/management/v1/policies/default/login",
        headers: { authorization: `Bearer ${String(parseJsonBody(response)["access_token"])}` },
      });
      expect([answer.status, answer.status === 200 ? "<policy>" : parseJsonBody(answer)]).toEqual([
        step.api.status,
        step.api.body,
      ]);
    }
  });

  test("no other step is left out", () => {
    expect(steps).toHaveLength(namedStepRecordings["token-endpoint"]);
  });

  async function fill(step: Step): Promise<{ headers: Record<string, string>; body?: string }> {
    const values: Record<string, string> = {
      "<assertion>": step.assertion ? await signRecorded(step.assertion) : "",
      "<client_id>": clientIdOf(step),
      "<client_secret>": oauthSecret,
      "<login of another user>": "keyless",
      "<userId>": oauthUserId,
    };
    const form =
      step.form && Object.entries(step.form).map(([name, value]) => [name, values[value] ?? value]);
    const [id = "", password = ""] = step.basic ?? [];
    const body = form ? new URLSearchParams(form).toString() : step.body;
    return {
      headers: {
        ...step.headers,
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...(step.basic && {
          authorization: createBasicHeader(values[id] ?? id, values[password] ?? password),
        }),
      },
      ...(body !== undefined && { body }),
    };
  }

  /** Returns the client id of the user that is in the state of the step. */
  function clientIdOf({ name }: Step): string {
    if (name.endsWith("deactivated user")) {
      return "deactivated";
    }
    // The server does not know a secret right after its generation: a user without a secret is in the same state.
    return name.endsWith("right after the secret was generated") ? "keyless" : "ci bot";
  }

  function signRecorded({ header, claims, signedWith }: Assertion): Promise<string> {
    const text = JSON.stringify(claims, (key, value: unknown) =>
      (key === "iat" || key === "exp") && typeof value === "number" ? value + nowSeconds() : value,
    );
    return new SignJWT(
      JSON.parse(here(text).replaceAll("<userId>", oauthUserId)) as Record<string, unknown>,
    )
      .setProtectedHeader({ ...header, ...(header.kid === "<keyId>" && { kid: keyId }) })
      .sign(signedWith === undefined ? keyPair.privateKey : anotherKeyPair.privateKey);
  }

  /** Replaces the origin of the recorded server, which listened on another port. */
  function here(text: string): string {
    return text.replaceAll("http://localhost:8080", issuer);
  }

  function expectedBody({ name, response: { body } }: Step): unknown {
    if (name === "keys") {
      // The real server returned two keys; the emulator has one.
      return { keys: [body?.["keys"]].flat().slice(0, 1) };
    }
    return body === undefined ? "" : JSON.parse(here(JSON.stringify(body)));
  }

  function describeResponse(response: RawResponse): unknown {
    const text = response.body.toString();
    const body: unknown =
      text === ""
        ? ""
        : JSON.parse(text, (key, value: unknown) => {
            if (key === "access_token" || key === "id_token") {
              return "<token>";
            }
            return isKey(value)
              ? {
                  use: value["use"],
                  kty: value["kty"],
                  alg: value["alg"],
                  fields: Object.keys(value),
                }
              : value;
          });
    return { status: response.status, headers: normalizeHeaders(response.headers), body };
  }

  function isKey(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && "kty" in value;
  }

  function normalizeHeaders(headers: Record<string, string | string[]>): Record<string, unknown> {
    const chance: Record<string, string> = { expires: "<http-date>", "x-request-id": "<xid>" };
    const ofTheHttpLibrary = [
      "date",
      "content-length",
      "transfer-encoding",
      "connection",
      "keep-alive",
    ];
    return Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !ofTheHttpLibrary.includes(name))
        .map(([name, value]) => [name, chance[name] ?? String(value).split(/, ?/).toSorted()]),
    );
  }
});
