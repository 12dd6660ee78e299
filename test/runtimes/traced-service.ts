import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApp } from "./app.js";
import { environment, startEmulator } from "./guide-emulator.js";
import { writeGuideFiles } from "./guide-files.js";
import type { Context, Outcome, Row } from "./row.js";
import { nodePath, versionOf } from "./tools.js";

/** The service of the guide, observed by OpenTelemetry's SDK for Node.js, with a collector that keeps what it gets. */
export const tracedServiceRow: Row = {
  id: "otel-service",
  name: "Service with OpenTelemetry's NodeSDK",
  run: runService,
};

const limitMs = 60_000;

async function runService(context: Context): Promise<Outcome> {
  await using app = await createApp(context.project, "opentelemetry");
  await writeGuideFiles("trace-a-service", app.directory);
  await writeFile(join(app.directory, "package.json"), '{ "private": true, "type": "module" }');
  const { emulator, url } = await startEmulator(context);
  const collector = await startCollector();
  try {
    const { answer, lines } = await callService(app.directory, {
      ...environment(url),
      PORT: "0",
      OTEL_SERVICE_NAME: "providers",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${portOf(collector.server)}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    return {
      version: await versionOf("@opentelemetry/sdk-node", "opentelemetry"),
      scope: "[guide](docs/guides/trace-a-service.md): spans, metrics and logs of a request",
      problems: [
        ...(answer.includes('"First"') ? [] : [`the service answered ${answer}`]),
        ...findProblems(collector.received, lines),
      ],
    };
  } finally {
    await emulator.close();
    collector.server.close();
  }
}

/** A line of pino. */
type Line = Readonly<Record<string, unknown>>;

/** Starts the service, sends a request, and ends the service. Returns the answer and the log. */
async function callService(
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ answer: string; lines: Line[] }> {
  const service = spawn(nodePath(24), ["--import", "./telemetry.js", "service.js"], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number | string | null>((resolve) => {
    service.on("close", (status, signal) => resolve(status ?? signal));
  });
  const lines: Line[] = [];
  let answer = "";
  for await (const text of createInterface({ input: service.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line["msg"] === "listening") {
      answer = await (await fetch(`http://localhost:${String(line["port"])}/`)).text();
      service.kill("SIGTERM");
    }
  }
  const status = await ended;
  if (status !== 0) {
    throw new Error(`the service ended with ${status}: ${JSON.stringify(lines)}`);
  }
  return { answer, lines };
}

/** A span in the JSON of OTLP. */
interface Span {
  readonly name: string;
  /** 2 for a server, 3 for a client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Export {
  readonly resourceSpans?: readonly { scopeSpans: readonly { spans: readonly Span[] }[] }[];
  readonly resourceMetrics?: readonly {
    scopeMetrics: readonly { metrics: readonly { name: string }[] }[];
  }[];
}

/** Starts a collector for OTLP over HTTP with JSON. */
async function startCollector(): Promise<{ server: Server; received: Export[] }> {
  const received: Export[] = [];
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        received.push(body as Export);
        response.setHeader("content-type", "application/json").end("{}");
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return { server, received };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Returns what is missing in the spans, metrics and log lines of the request. */
function findProblems(received: readonly Export[], lines: readonly Line[]): string[] {
  const spans = received
    .flatMap(({ resourceSpans = [] }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
  const metrics = received
    .flatMap(({ resourceMetrics = [] }) => resourceMetrics)
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics.map(({ name }) => name));
  const method = "zitadel.management.v1.ManagementService/ListProviders";
  const handler = spans.find(({ kind }) => kind === 2);
  const call = spans.find(({ name }) => name === method);
  const attempt = spans.find(({ name }) => name === `Attempt ${method}`);
  const isLogged = (spanId: string | undefined, msg: string): boolean =>
    lines.some(
      (line) =>
        line["msg"] === msg &&
        line["trace_id"] === handler?.traceId &&
        line["span_id"] === spanId &&
        spanId !== undefined,
    );
  const checks: readonly (readonly [string, boolean])[] = [
    ["a span of the request", handler !== undefined && handler.parentSpanId === undefined],
    ["the call below the request", call !== undefined && call.parentSpanId === handler?.spanId],
    ["the attempt below the call", attempt !== undefined && attempt.parentSpanId === call?.spanId],
    ["the duration of calls", metrics.includes("rpc.client.call.duration")],
    ["the attempts of calls", metrics.includes("zitadel.client.call.attempts")],
    ["a log line with the span of the call", isLogged(call?.spanId, "call")],
    ["a log line with the span of the request", isLogged(handler?.spanId, "listed the providers")],
  ];
  return checks.filter(([, isThere]) => !isThere).map(([name]) => `missing: ${name}`);
}
