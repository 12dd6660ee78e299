import { tryParseJson } from "../../utils/try-parse-json.js";
import { maxBodyBytes, type WireRequest, type WireResponse } from "../wire/http-message.js";
import { createPlainTextResponse } from "../wire/plain-text-response.js";
import { createChangeSignal } from "./change-signal.js";
import type { ControlledEmulator } from "./controlled-emulator.js";
import type { ControlReply, ControlRoutes } from "./control-routes.js";
import { createFaultRoutes } from "./fault-routes.js";
import { createLogRoutes } from "./log-routes.js";
import { findPageFile, type PageFiles } from "./page-files.js";
import { findAccessProblem } from "./find-access-problem.js";
import { servePageCall } from "./serve-page-call.js";
import { createSnapshotRoutes } from "./snapshot-routes.js";
import { createStateRoutes } from "./state-routes.js";

/**
 * A function that answers requests below `/_emulator`, and returns undefined for all other paths. Without `page` it serves no page.
 */
export type ControlApi = (
  request: WireRequest,
  signal: AbortSignal,
  page: PageFiles | undefined,
) => Promise<WireResponse> | undefined;

/** The path under which the control API answers. */
const controlPath = "/_emulator";

/** The prefix of the paths of calls that the page makes. */
const callsPath = `${controlPath}/calls`;

/**
 * Creates the control API of an emulator: a small HTTP API under `/_emulator` that gives curl and programs in other languages the
 * methods of `Emulator`. It answers callers on this machine only, and no web page of another origin.
 */
export function createControlApi(emulator: ControlledEmulator): ControlApi {
  const changes = createChangeSignal();
  let controlChanges = 0;
  const notifyControls = (): void => {
    controlChanges++;
    changes.notify();
  };
  const routes: ControlRoutes = {
    ...createStateRoutes(emulator, changes, () => controlChanges, notifyControls),
    ...createLogRoutes(emulator, changes),
    ...createFaultRoutes(emulator.faults, notifyControls),
    ...createSnapshotRoutes(emulator, notifyControls),
  };
  return (request, signal, page) => {
    const [path = ""] = request.target.split("?", 1);
    if (path !== controlPath && !path.startsWith(`${controlPath}/`)) {
      return undefined;
    }
    return answerControlRequest({ emulator, routes, page }, request, path, signal);
  };
}

interface ControlContext {
  readonly emulator: ControlledEmulator;
  readonly routes: ControlRoutes;
  readonly page: PageFiles | undefined;
}

async function answerControlRequest(
  { emulator, routes, page }: ControlContext,
  request: WireRequest,
  path: string,
  signal: AbortSignal,
): Promise<WireResponse> {
  const problem = findAccessProblem(request);
  if (problem !== undefined) {
    return toResponse([403, { error: problem }]);
  }
  if (request.body.length > maxBodyBytes) {
    return createPlainTextResponse(413, `the body is larger than ${maxBodyBytes} bytes`);
  }
  if (path.startsWith(`${callsPath}/`)) {
    return await servePageCall(emulator.instance(), {
      ...request,
      target: request.target.slice(callsPath.length),
    });
  }
  if (page === undefined && path.startsWith(`${controlPath}/ui`)) {
    return toResponse([
      404,
      {
        error:
          "the page is not enabled: start the emulator with --ui, or call listen({ ui: true })",
      },
    ]);
  }
  const file = page && findPageFile(page, request.method, path.slice(controlPath.length));
  return (
    file ?? toResponse(await runRoute(routes, request, path.slice(controlPath.length), signal))
  );
}

async function runRoute(
  routes: ControlRoutes,
  { method, target, body }: WireRequest,
  path: string,
  signal: AbortSignal,
): Promise<ControlReply> {
  const [, resource = "", name, ...more] = path.replace(/\/$/, "").split("/");
  const pattern = ["", resource, ...(name === undefined ? [] : [":name"]), ...more].join("/");
  const run = routes[`${method} ${pattern}`];
  if (run === undefined) {
    const known = Object.keys(routes).map((each) => each.replace(" /", ` ${controlPath}/`));
    const error = `the control API has no ${method} ${controlPath}${path}; it has ${known.join(", ")}`;
    return [404, { error }];
  }
  const text = new TextDecoder().decode(body);
  const json = text === "" ? undefined : tryParseJson(text);
  if (text !== "" && json === undefined) {
    return [400, { error: "the body is not JSON" }];
  }
  const query = new URLSearchParams(target.split("?", 2)[1]);
  try {
    return await run({ name: decodeURIComponent(name ?? ""), query, body: json, signal });
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError || error instanceof SyntaxError) {
      return [400, { error: error.message }];
    }
    throw error;
  }
}

function toResponse([status, body]: ControlReply): WireResponse {
  const headers = [
    ["cache-control", "no-store"],
    ["x-content-type-options", "nosniff"],
  ] as const;
  return body === undefined
    ? { status, headers }
    : {
        status,
        headers: [["content-type", "application/json"], ...headers],
        body: new TextEncoder().encode(`${JSON.stringify(body, null, 2)}\n`),
      };
}
