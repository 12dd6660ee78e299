import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clientCredentials, type ClientCredentialsOptions } from "../../src/token-sources.js";
import { discovery, discoveryPath, awaitOutcome } from "./token-server.js";

const url = "https://acme.test";
const options: ClientCredentialsOptions = { clientId: "ci bot", clientSecret: "s3cret" };

/** A token endpoint that sends the given responses in turn, and then repeats the last one. */
function server(...descriptions: string[]): { fetch: typeof fetch; seen: RequestInit[] } {
  const seen: RequestInit[] = [];
  const answer = (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    if ((input as string).endsWith(discoveryPath)) {
      return Promise.resolve(Response.json(discovery(url).body));
    }
    seen.push(init);
    const description = descriptions[Math.min(seen.length, descriptions.length) - 1];
    return Promise.resolve(
      description === "ok"
        ? Response.json({ access_token: "t", token_type: "Bearer", expires_in: 43199 })
        : Response.json(
            { error: "invalid_request", error_description: description },
            { status: 400 },
          ),
    );
  };
  return { fetch: answer, seen };
}

const unknown = "Errors.User.Machine.Secret.NotExisting";

describe("client credentials", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    const left = vi.getTimerCount();
    vi.useRealTimers();
    expect(left).toBe(0);
  });

  test("are sent by HTTP Basic, each part encoded, and not in the form", async () => {
    const { fetch, seen } = server("ok");
    const source = clientCredentials({ clientId: "ci bot", clientSecret: "pä ss:w+rd%&" });
    const { signal } = new AbortController();
    expect(await source.token({ baseUrl: url, fetch, signal })).toBe("t");
    const authorization = new Headers(seen[0]?.headers).get("authorization") ?? "";
    const decoded = atob(authorization.replace("Basic ", ""));
    expect(decoded.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")))).toEqual(
      ["ci bot", "pä ss:w+rd%&"],
    );
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body as string))).toEqual({
      grant_type: "client_credentials",
      scope: "urn:zitadel:iam:org:project:id:zitadel:aud",
    });
  });

  test("that are newly generated are sent again until the server knows them", async () => {
    const { fetch, seen } = server(unknown, unknown, "ok");
    const { signal } = new AbortController();
    const call = clientCredentials(options).token({ baseUrl: url, fetch, signal });
    await vi.advanceTimersByTimeAsync(150);
    expect(await call).toBe("t");
    expect(seen.length).toBe(3);
  });

  test("of a user without a secret fail within a second", async () => {
    const { fetch, seen } = server(unknown);
    const { signal } = new AbortController();
    const outcome = awaitOutcome(clientCredentials(options).token({ baseUrl: url, fetch, signal }));
    await vi.advanceTimersByTimeAsync(999);
    expect(await outcome).toMatchObject({
      code: Code.Unauthenticated,
      rawMessage: expect.stringContaining("has no secret; generate one") as string,
    });
    expect(seen.length).toBe(5);
  });

  test("are not sent again after the call has ended or the token timeout has passed", async () => {
    const { fetch, seen } = server(unknown);
    const controller = new AbortController();
    const source = clientCredentials({ ...options, timeoutMs: 60 });
    const outcomes = [controller.signal, new AbortController().signal].map((signal) =>
      awaitOutcome(source.token({ baseUrl: url, fetch, signal })),
    );
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    expect(await outcomes[0]).toMatchObject({ code: Code.Canceled });
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcomes[1]).toMatchObject({
      code: Code.Unavailable,
      rawMessage:
        "the token request did not finish within 60 ms; raise timeoutMs of the token source, or check that the token issuer can be reached",
    });
    expect(seen.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.length).toBe(2);
  });

  test.each([
    ["client not found", "login name of a service user"],
    ["Errors.User.Machine.Secret.Invalid", "use the newest secret:"],
    ["Errors.User.NotActive", "deactivated"],
  ])(
    "that are rejected with %s are sent once, and the error names the cause",
    async (description, hint) => {
      const { fetch, seen } = server(description);
      const { signal } = new AbortController();
      expect(
        await awaitOutcome(clientCredentials(options).token({ baseUrl: url, fetch, signal })),
      ).toMatchObject({
        code: Code.Unauthenticated,
        rawMessage: expect.stringContaining(hint) as string,
      });
      expect(seen.length).toBe(1);
    },
  );
});

test.each<[string, object, string]>([
  ["without a client id", { clientSecret: "s3cret" }, "option clientId"],
  ["with an empty secret", { clientId: "ci", clientSecret: "" }, "option clientSecret"],
])("client credentials %s are rejected when the token source is created", (_, given, text) => {
  expect(() => clientCredentials(given as ClientCredentialsOptions)).toThrow(text);
});
