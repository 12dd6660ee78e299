import type { Interceptor, Transport } from "@connectrpc/connect";
import type { TokenSource } from "../auth/token-source.js";
import type { TokenSupplier } from "../auth/token-supplier.js";
import type { Hooks } from "../policy/observe/hooks.js";
import type { RetryOptions } from "../policy/retry/retry-options.js";
import type { Runtime } from "../runtime/runtime.js";
import {
  connectionNumberRules,
  defaultConnectTimeoutMs,
} from "../transport/connection-number-rules.js";
import type { TlsOptions } from "../transport/socket/socket-options.js";
import { checkNumber } from "../utils/check-number.js";
import { readInstanceHost } from "../zitadel/instance-host.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";
import type { AllOptions } from "./all-options.js";
import { checkAuth } from "./check-auth.js";
import { checkBaseUrl } from "./check-base-url.js";
import { checkFunction } from "../utils/check-function.js";
import { checkHeaders } from "./check-headers.js";
import { checkHooks } from "./check-hooks.js";
import { checkNames } from "./check-names.js";
import { checkOrgId } from "./check-org-id.js";
import { checkOwnTransport } from "./check-own-transport.js";
import { checkProtocol, type SupportedProtocol } from "./check-protocol.js";
import { checkRetry } from "./check-retry.js";
import { checkSockets } from "./check-sockets.js";
import { checkLimits, type ClientLimits } from "./check-limits.js";
import type { IdpClientOptions } from "./idp-client-options.js";
import type { TransportClientOptions } from "./transport-client-options.js";
import { throwInvalidOption } from "../utils/option-error.js";

/** The transport of the calls: a Connect transport of the caller, or one that the client creates for a wire protocol. */
type TransportChoice =
  | { readonly transport: Transport; readonly protocol?: undefined }
  | (SupportedProtocol & { readonly transport?: undefined });

/** The checked options, with defaults. */
export interface CheckedOptions {
  /** Undefined only with a transport. */
  baseUrl: string | undefined;
  instanceHost: string | undefined;
  transportChoice: TransportChoice;
  auth: string | TokenSupplier | TokenSource | undefined;
  allowInsecureAuth: boolean;
  orgId: string | undefined;
  timeoutMs: number | undefined;
  connectTimeoutMs: number;
  proxy: string | URL | false | undefined;
  tls: TlsOptions | undefined;
  limits: Readonly<Record<keyof ClientLimits, number>>;
  retry: RetryOptions | false;
  hooks: Hooks | undefined;
  interceptors: Interceptor[];
  headers: Readonly<Record<string, string>>;
  fetch: typeof globalThis.fetch | undefined;
}

const optionNames: readonly (keyof IdpClientOptions | keyof TransportClientOptions)[] = [
  "baseUrl",
  "instanceHost",
  "transport",
  "auth",
  "orgId",
  "protocol",
  "timeoutMs",
  "connectTimeoutMs",
  "proxy",
  "tls",
  "limits",
  "retry",
  "hooks",
  "interceptors",
  "headers",
  "fetch",
  "allowInsecureAuth",
];

/** Checks `options` and applies the defaults. Throws a TypeError that names the invalid option and the fix. */
export function checkOptions(
  options: IdpClientOptions | TransportClientOptions,
  runtime: Runtime,
): CheckedOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      'createIdpClient takes an object such as { baseUrl: "https://…", auth: token }',
    );
  }
  checkNames("", options, optionNames);
  const all: AllOptions = options;
  const transport = checkOwnTransport(all);
  const baseUrl =
    transport !== undefined && all.baseUrl === undefined
      ? undefined
      : checkBaseUrl(all.baseUrl as string | URL);
  const { auth, fetch, interceptors = [], timeoutMs } = all;
  checkFunction("fetch", fetch);
  checkSockets(all, baseUrl, runtime);
  if (auth !== undefined) {
    checkAuth(auth, baseUrl, all);
  }
  if (!Array.isArray(interceptors) || interceptors.some((each) => typeof each !== "function")) {
    throwInvalidOption("interceptors", "must be a list of Connect interceptors");
  }
  checkNumber("timeoutMs", timeoutMs, {});
  checkNumber("connectTimeoutMs", all.connectTimeoutMs, connectionNumberRules.connectTimeoutMs);
  const instanceHost =
    all.instanceHost === undefined ? undefined : readInstanceHost(all.instanceHost);
  return {
    baseUrl: baseUrl && withoutTrailingSlashes(baseUrl.href),
    instanceHost,
    transportChoice:
      transport === undefined
        ? checkProtocol(all.protocol ?? "auto", fetch !== undefined, runtime)
        : { transport },
    auth,
    allowInsecureAuth: all.allowInsecureAuth === true,
    orgId: all.orgId === undefined ? undefined : checkOrgId(all.orgId),
    timeoutMs,
    connectTimeoutMs: all.connectTimeoutMs ?? defaultConnectTimeoutMs,
    proxy: all.proxy,
    tls: all.tls,
    limits: checkLimits(all.limits ?? {}),
    retry: checkRetry(all.retry ?? {}),
    hooks: checkHooks(all.hooks),
    interceptors,
    headers: checkHeaders(all.headers, instanceHost !== undefined),
    fetch,
  };
}
