/**
 * The script inside the browser, for both the page and its worker. It imports the package by its name, and is bundled with the
 * conditions of a browser.
 */
import type { CallOptions } from "@connectrpc/connect";
import { propagation, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import {
  Code,
  ConnectError,
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  isZitadelError,
  type Protocol,
} from "zitadel-idp";
import { clientCredentials, serviceAccount } from "zitadel-idp/auth";
import { ErrorDetailSchema } from "zitadel-idp/idp";
import { type TelemetryOptions, withTelemetry } from "zitadel-idp/otel";

/** The options of a scenario's client. */
export interface Setup {
  readonly baseUrl: string;
  readonly auth: string;
  readonly orgId: string;
  readonly protocol: Protocol | "auto";
  /** The key file and the client secret of a service user, for token sources. */
  readonly key: string;
  readonly client: { readonly clientId: string; readonly clientSecret: string };
}

/** The parts of an error that a caller sees. */
export interface Failure {
  readonly isConnectError: boolean;
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly detailIds: string[];
}

/** Returns the error of a call, or `undefined` if the call succeeds. */
type Outcome = Failure | undefined;

let aborts = new AbortController();

/** The result of `addListDelete`. */
export interface AddListDeleteResult {
  readonly protocol: Protocol;
  readonly owner: string | undefined;
  readonly listed: readonly {
    readonly isTheAddedOne: boolean;
    readonly name: string;
    readonly type: string | undefined;
  }[];
  readonly left: number;
}

const scenarios = {
  async protocol(setup: Setup): Promise<Protocol> {
    return createIdpClient(optionsOf(setup)).protocol;
  },

  /** Writes and reads, and leaves nothing behind. */
  async addListDelete(setup: Setup): Promise<AddListDeleteResult> {
    const { management, protocol } = createIdpClient(optionsOf(setup));
    const added = await management.addGenericOIDCProvider({
      name: "From a browser – Ünïcode",
      issuer: "https://issuer.example",
      clientId: "client",
      clientSecret: "secret",
      scopes: ["openid"],
    });
    const listed = await management.listProviders({});
    await management.deleteProvider({ id: added.id });
    const left = await management.listProviders({});
    return {
      protocol,
      owner: added.details?.resourceOwner,
      listed: listed.result.map(({ id, name, config }) => ({
        isTheAddedOne: id === added.id,
        name,
        type: config?.config.case,
      })),
      left: left.result.length,
    };
  },

  async missingProvider(setup: Setup): Promise<Outcome> {
    return await failure(
      createIdpClient(optionsOf(setup)).management.getProviderByID({ id: "404" }),
    );
  },

  async listWithTimeout(setup: Setup): Promise<number> {
    const { management } = createIdpClient(optionsOf(setup));
    const { result } = await management.listProviders({}, { timeoutMs: 20_000 });
    return result.length;
  },

  async shortTimeout(setup: Setup): Promise<Outcome> {
    return await failure(list(createIdpClient(optionsOf(setup)), { timeoutMs: 200 }));
  },

  async shortTimeoutOfClient(setup: Setup): Promise<Outcome> {
    return await failure(list(createIdpClient({ ...optionsOf(setup), timeoutMs: 200 })));
  },

  async abortedBefore(setup: Setup): Promise<Outcome> {
    return await failure(list(createIdpClient(optionsOf(setup)), { signal: AbortSignal.abort() }));
  },

  /** Runs until `abort` is called. */
  async abortedMeanwhile(setup: Setup): Promise<Outcome> {
    aborts = new AbortController();
    return await failure(list(createIdpClient(optionsOf(setup)), { signal: aborts.signal }));
  },

  async abort(): Promise<void> {
    aborts.abort();
  },

  /** Sends a header that ZITADEL's CORS rules do not allow. */
  async refusedHeader(setup: Setup): Promise<string> {
    const client = createIdpClient({
      ...optionsOf(setup),
      retry: { maxAttempts: 2, initialPauseMs: 0 },
      interceptors: [
        (next) => (request) => {
          request.header.set("traceparent", "00-1-1-01");
          return next(request);
        },
      ],
    });
    const error: unknown = await list(client).catch((reason: unknown) => reason);
    return isZitadelError(error) ? `${error.reason} ${error.attempts} ${error.hint}` : "none";
  },

  async traced(setup: Setup): Promise<TracedCall> {
    return await traceList(setup, {});
  },

  /** Sends the context of the trace, although ZITADEL's CORS rules do not allow that. */
  async tracedToOtherOrigin(setup: Setup): Promise<TracedCall> {
    return await traceList(setup, { propagate: true });
  },

  async tracedToOwnOrigin(setup: Setup): Promise<TracedCall> {
    return await traceList({ ...setup, baseUrl: location.origin }, {});
  },

  /** Gets tokens by the key of a service user, signed by WebCrypto. */
  async byKey(setup: Setup): Promise<string> {
    return await countWith(setup, serviceAccount(setup.key));
  },

  async byClientSecret(setup: Setup): Promise<string> {
    return await countWith(setup, clientCredentials(setup.client));
  },

  async creationError(setup: Setup): Promise<string> {
    try {
      createIdpClient(optionsOf(setup));
      return "none";
    } catch (error) {
      return String(error);
    }
  },

  /** Sends a plain request. Without CORS headers in the response, no script can read it. */
  async plainFetch({ baseUrl }: Setup): Promise<string> {
    return await fetch(baseUrl).then((response) => `HTTP ${response.status}`, String);
  },

  /** Makes a gRPC-web call by hand. */
  async fetchGrpcWeb(setup: Setup): Promise<string> {
    return await fetchGrpcWeb(setup);
  },

  async fetchGrpcWebWithTimeout(setup: Setup): Promise<string> {
    return await fetchGrpcWeb(setup, { "grpc-timeout": "20000m" });
  },
};

export type Scenarios = typeof scenarios;
export type ScenarioName = keyof Scenarios;
export type Result<Name extends ScenarioName> = Awaited<ReturnType<Scenarios[Name]>>;

function optionsOf({ key: _key, client: _client, ...options }: Setup): IdpClientOptions {
  return options;
}

async function countWith(
  setup: Setup,
  auth: NonNullable<IdpClientOptions["auth"]>,
): Promise<string> {
  const { management } = createIdpClient({ ...optionsOf(setup), auth });
  return await management.listProviders({}).then(({ result }) => String(result.length), String);
}

/** The spans of a call, as "name status", and the headers with which it sent their context. */
export interface TracedCall {
  readonly spans: readonly string[];
  readonly sent: readonly string[];
  readonly reason: string | undefined;
}

/** Lists providers with the real SDK. */
async function traceList(setup: Setup, telemetry: TelemetryOptions): Promise<TracedCall> {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const sent: string[] = [];
  const recordingFetch: typeof fetch = (url, init) => {
    sent.push(new Headers(init?.headers).get("traceparent") ?? "none");
    return fetch(url, init);
  };
  const options = { ...optionsOf(setup), fetch: recordingFetch, retry: false } as const;
  try {
    const client = createIdpClient(withTelemetry(options, telemetry));
    const error: unknown = await list(client).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return {
      spans: exporter
        .getFinishedSpans()
        .map(({ name, attributes }) => `${name} ${String(attributes["rpc.status_code"])}`),
      sent,
      reason: isZitadelError(error) ? error.reason : undefined,
    };
  } finally {
    trace.disable();
    propagation.disable();
  }
}

function list({ management }: IdpClient, options: CallOptions = {}): Promise<unknown> {
  return management.listProviders({}, options);
}

async function fetchGrpcWeb(
  { baseUrl, auth }: Setup,
  headers: Record<string, string> = {},
): Promise<string> {
  return await fetch(`${baseUrl}/zitadel.management.v1.ManagementService/ListProviders`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${auth}`,
      "content-type": "application/grpc-web+proto",
      "x-grpc-web": "1",
      ...headers,
    },
    body: new Uint8Array(5),
  }).then((response) => `HTTP ${response.status}`, String);
}

async function failure(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const connectError = ConnectError.from(error);
    return {
      isConnectError: error === connectError,
      name: connectError.name,
      code: Code[connectError.code],
      message: connectError.rawMessage,
      detailIds: connectError.findDetails(ErrorDetailSchema).map(({ id }) => id),
    };
  }
}

declare global {
  /** Runs a scenario in the page. */
  var runScenario: (name: ScenarioName, setup: Setup) => Promise<unknown>;
  /** Runs a scenario in a module worker of its own. */
  var runScenarioInWorker: (name: ScenarioName, setup: Setup) => Promise<unknown>;
}

globalThis.runScenario = (name, setup) => scenarios[name](setup);

globalThis.runScenarioInWorker = async (name, setup) => {
  const worker = new Worker(import.meta.url, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => resolve(data));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      worker.postMessage([name, setup]);
    });
  } finally {
    worker.terminate();
  }
};

if (typeof document === "undefined") {
  addEventListener("message", ({ data: [name, setup] }: MessageEvent<[ScenarioName, Setup]>) => {
    void globalThis.runScenario(name, setup).then(
      (result) => postMessage(result),
      (error: unknown) => postMessage(String(error)),
    );
  });
}
