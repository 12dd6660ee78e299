/**
 * The code that every runtime runs: the same calls over each of its protocols, with the public names of the package only. Nothing
 * here depends on a runtime, so that a difference in the report is one of the package.
 */
import {
  Code,
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  isZitadelError,
  type Protocol,
  ZitadelError,
} from "zitadel-idp";
import { clientCredentials } from "zitadel-idp/auth";
import type { Emulator, EmulatorOptions } from "zitadel-idp/emulator";

/** The input of the program, sent as JSON. */
export interface Setup {
  /** The address of the emulator. It never responds to `getDefaultLoginPolicy`. */
  readonly baseUrl: string;
  readonly token: string;
  /** A service user's client, for tokens from the token endpoint. */
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /** The address of a server that answers with a redirect, and with success where the redirect leads. */
  readonly redirectingUrl: string;
  readonly expected: {
    /** The protocol that `"auto"` selects. */
    readonly auto: Protocol;
    /** All protocols of this runtime. */
    readonly wires: readonly Protocol[];
    /** True if the runtime's `fetch` always follows redirects. The call must fail all the same. */
    readonly followsRedirects?: boolean;
  };
}

/** The results of the program, sent as JSON. */
export interface Report {
  /** The protocol that `"auto"` selected. */
  readonly auto: string;
  readonly checks: readonly Check[];
}

export interface Check {
  /** The protocol of the check, if it has one. */
  readonly wire?: Protocol;
  readonly name: string;
  /** The problem; undefined if the check passed. */
  readonly problem?: string;
}

/** Creates an emulator inside this runtime. Browsers and workers get none: it is for tests, which run elsewhere. */
export type EmulatorFactory = (options?: EmulatorOptions) => Emulator;

const protocols: readonly Protocol[] = ["grpc", "grpc-web", "json"];

/** The limit of a check. Only a call that never ends takes this long. */
const checkLimitMs = 20_000;

export async function drive(setup: Setup, createEmulator?: EmulatorFactory): Promise<Report> {
  const { baseUrl, token, client, redirectingUrl, expected } = setup;
  const checks: Check[] = [];
  const check = async (
    name: string,
    action: () => Promise<void>,
    wire?: Protocol,
  ): Promise<void> => {
    const problem = await problemOf(action);
    checks.push({ name, ...(wire && { wire }), ...(problem !== undefined && { problem }) });
  };
  const options: IdpClientOptions = { baseUrl, auth: token };

  const { protocol: auto } = createIdpClient(options);
  await check("auto", async () => expectSame("protocol", auto, expected.auto));
  for (const wire of expected.wires) {
    const wired: IdpClientOptions = { ...options, protocol: wire };
    const withToken = { ...wired, auth: clientCredentials(client) };
    await check("calls", () => withClient(wired, callAll), wire);
    await check("many calls", () => withClient(wired, callOften), wire);
    await check("a token source", () => withClient(withToken, list), wire);
    await check("a deadline", () => withClient(wired, passDeadline), wire);
    await check("close", () => closeBetweenCalls(wired), wire);
    // Redirects only concern `fetch`: HTTP/2 gets no response from this server.
    if (wire !== "grpc") {
      const redirected = { ...wired, baseUrl: redirectingUrl };
      await check("a redirect", () => withClient(redirected, meetRedirect), wire);
    }
  }
  await check("a redirect of the token endpoint", () => {
    const redirected = { baseUrl: redirectingUrl, auth: clientCredentials(client) };
    return withClient(redirected, async (zitadel) => {
      const error = await failureOf(list(zitadel));
      expectThat(/redirect/.test(error.message), `the message is: ${error.message}`);
    });
  });
  for (const wire of protocols.filter((each) => !expected.wires.includes(each))) {
    await check("is refused", async () => refuse({ ...options, protocol: wire }), wire);
  }
  if (createEmulator !== undefined) {
    await check("emulator in memory", () => callInMemory(createEmulator));
    await check("emulator on a port", () => callListener(createEmulator, expected.wires));
  }
  return { auto, checks };
}

/** Adds, reads and deletes a provider, and causes an error of the server. */
export async function callAll({ management, protocol }: IdpClient): Promise<void> {
  const given = { name: "Acmé", issuer: "https://login.acme.example", clientId: "client" };
  const { id, details } = await management.addGenericOIDCProvider({
    ...given,
    clientSecret: "secret",
    scopes: ["openid"],
  });
  expectThat(details?.resourceOwner !== undefined, "the new provider has no owner");
  const read = await management.getProviderByID({ id });
  expectSame("name", read.idp?.name, given.name);
  expectSame("configuration", read.idp?.config?.config.case, "oidc");
  const listed = await management.listProviders({});
  expectSame("listed", listed.result.map((each) => each.id).join(), id);

  await management.updateGenericOIDCProvider({ ...given, id, name: "Acme 2" });
  const updated = await management.getProviderByID({ id });
  expectSame("name after the update", updated.idp?.name, "Acme 2");

  await management.deleteProvider({ id });
  const error = await failureOf(management.getProviderByID({ id }));
  expectThat(error instanceof ZitadelError, "the error is no instance of ZitadelError");
  expectThat(error instanceof Error, "the error is no instance of Error");
  expectSame("code", Code[error.code], "NotFound");
  expectSame("id", error.id, "QUERY-SAFrt");
  expectSame("wire of the error", error.protocol, protocol);
}

/** Calls so often that Node.js, Bun and Deno change from `node:http` to undici, which they do after a hundred requests. */
export async function callOften(zitadel: IdpClient): Promise<void> {
  for (let count = 0; count < 150; count++) {
    await list(zitadel);
  }
  await Promise.all(Array.from({ length: 50 }, () => list(zitadel)));
}

async function list({ management }: IdpClient): Promise<void> {
  await management.listProviders({});
}

async function passDeadline({ management }: IdpClient): Promise<void> {
  // Connects first, so that the response is what takes too long.
  await management.listProviders({});
  const error = await failureOf(management.getDefaultLoginPolicy({}, { timeoutMs: 250 }));
  expectSame("code", Code[error.code], "DeadlineExceeded");
  expectSame("reason", error.reason, "deadline");
}

/** Checks that open calls end normally and later ones are rejected. */
async function closeBetweenCalls(options: IdpClientOptions): Promise<void> {
  const zitadel = createIdpClient(options);
  const running = zitadel.management.listProviders({});
  await Promise.all([running, zitadel.close()]);
  const error = await failureOf(list(zitadel));
  expectSame("code", Code[error.code], "FailedPrecondition");
}

async function meetRedirect(zitadel: IdpClient): Promise<void> {
  const error = await failureOf(list(zitadel));
  expectSame("reason", error.reason, "redirect");
}

/** Checks that a protocol that this runtime does not have is rejected. */
function refuse(options: IdpClientOptions): void {
  let thrown: unknown;
  try {
    createIdpClient(options);
  } catch (error) {
    thrown = error;
  }
  expectThat(thrown instanceof TypeError, `it is no TypeError: ${String(thrown)}`);
  const { message } = thrown;
  expectThat(
    message.startsWith("option protocol: ") && message.includes(`"${options.protocol}"`),
    `the message does not name the option and the wire: ${message}`,
  );
}

async function callInMemory(createEmulator: EmulatorFactory): Promise<void> {
  const emulator = createEmulator();
  const options = { baseUrl: emulator.url, auth: emulator.token, fetch: emulator.fetch };
  for (const protocol of ["auto", "grpc-web", "json"] as const) {
    await withClient({ ...options, protocol }, callAll);
  }
}

async function callListener(
  createEmulator: EmulatorFactory,
  wires: readonly Protocol[],
): Promise<void> {
  const emulator = createEmulator();
  const { url: baseUrl } = await emulator.listen();
  try {
    for (const protocol of wires) {
      await withClient({ baseUrl, auth: emulator.token, protocol }, callAll);
    }
  } finally {
    await emulator.close();
  }
}

export async function withClient(
  options: IdpClientOptions,
  use: (zitadel: IdpClient) => Promise<void>,
): Promise<void> {
  const zitadel = createIdpClient(options);
  try {
    await use(zitadel);
  } finally {
    await zitadel.close();
  }
}

async function failureOf(call: Promise<unknown>): Promise<ZitadelError> {
  try {
    await call;
  } catch (error) {
    if (isZitadelError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error("the call did not fail");
}

async function problemOf(action: () => Promise<void>): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const error = new Error(`it did not end within ${checkLimitMs} ms`);
    timer = setTimeout(() => reject(error), checkLimitMs);
  });
  try {
    await Promise.race([action(), limit]);
    return undefined;
  } catch (error) {
    return describe(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Formats an error with its stack and its causes. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { name, message, stack = "", cause } = error;
  // Not every runtime repeats the message in the stack.
  const text = stack.includes(message) ? stack : `${name}: ${message}\n${stack}`;
  return cause === undefined ? text : `${text}\ncaused by ${describe(cause)}`;
}

function expectSame<T>(what: string, actual: T, wanted: T): void {
  expectThat(actual === wanted, `${what} is ${String(actual)}, not ${String(wanted)}`);
}

function expectThat(holds: boolean, problem: string): asserts holds {
  if (!holds) {
    throw new Error(problem);
  }
}
