import { create, type DescMethodUnary } from "@bufbuild/protobuf";
import { createContextValues, type Transport } from "@connectrpc/connect";
import { createIdpClient, type IdpClient, ZitadelError } from "zitadel-idp";
import { createAdminClient } from "zitadel-idp/admin";
import { createManagementClient } from "zitadel-idp/management";
import type { CampaignOptions } from "./campaign.js";
import type { MakeClient } from "./campaign-client.js";
import { wrongByteNames, forcedCloseName } from "./disruptions.js";
import { blackholeName } from "./journal.js";
import { operationHeader } from "./campaign-server.js";
import type { Violation } from "./find-violations.js";

/** A client with a planted mistake that real clients have made, and the violations that the campaign must find. */
export interface WrongClient {
  readonly name: string;
  readonly violations: readonly Violation[];
  /** The number of operations in which the mistake certainly shows. */
  readonly operations: number;
  /** The options of the campaign in which the mistake shows. Default: those of every campaign. */
  readonly conditions?: Pick<
    CampaignOptions,
    "disruptions" | "disruptionEvery" | "tlsShare" | "roundLength"
  >;
  readonly make: MakeClient;
}

type Unary = Transport["unary"];

/** Returns a function that creates clients without retries, and plants a mistake in their calls. */
function createWrongClient(change: (unary: Unary) => Unary): MakeClient {
  return (options) => {
    const wrap = (inner: IdpClient): IdpClient => {
      const { transport } = inner;
      const wrong: Transport = { ...transport, unary: change(transport.unary) };
      return {
        ...inner,
        management: createManagementClient(wrong),
        admin: createAdminClient(wrong),
        transport: wrong,
        withOrg: (orgId) => wrap(inner.withOrg(orgId)),
      };
    };
    return wrap(createIdpClient({ ...options, retry: false }));
  };
}

/** Returns a function that creates clients which report `outcome` for all errors that match. */
function changeOutcome(
  outcome: ZitadelError["outcome"],
  isMatch: (error: ZitadelError) => boolean,
): MakeClient {
  return createWrongClient((unary) => async (...call) => {
    try {
      return await unary(...call);
    } catch (error) {
      if (error instanceof ZitadelError && isMatch(error)) {
        Object.assign(error, { outcome });
      }
      throw error;
    }
  });
}

export const wrongClients: readonly WrongClient[] = [
  {
    name: "retries every failed call up to three times",
    violations: ["duplicate", "wrongNotDone"],
    operations: 180,
    make: createWrongClient((unary) => async (...call) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await unary(...call);
        } catch (error) {
          if (attempt > 3 || call[1]?.aborted) {
            throw error;
          }
        }
      }
    }),
  },
  {
    name: "swallows errors and reports success",
    violations: ["lost", "wrongResponse"],
    operations: 120,
    make: createWrongClient((unary) => async (...call) => {
      try {
        return await unary(...call);
      } catch {
        const method: DescMethodUnary<(typeof call)[0]["input"], (typeof call)[0]["output"]> =
          call[0];
        return {
          stream: false,
          service: method.parent,
          method,
          header: new Headers(),
          message: create(method.output),
          trailer: new Headers(),
        };
      }
    }),
  },
  {
    name: "reports each failure as not_done",
    violations: ["wrongNotDone", "uncertainNotDone"],
    operations: 180,
    make: changeOutcome("not_done", () => true),
  },
  {
    name: "reports each failure as unknown",
    violations: ["needlessUnknown"],
    operations: 120,
    make: changeOutcome("unknown", () => true),
  },
  {
    name: "ignores deadlines and aborts",
    violations: ["late"],
    operations: 36,
    make: createWrongClient(
      (unary) =>
        async (method, _signal, _timeoutMs, header, input, values = createContextValues()) => {
          const started = performance.now();
          try {
            return await unary(method, undefined, 5000, header, input, values);
          } finally {
            // A slow server may take this long.
            while (performance.now() - started < 700) {
              await new Promise((resolve) => setTimeout(resolve, 100));
            }
          }
        },
    ),
  },
  {
    name: "throws errors that are not ZitadelErrors, and leaves a rejection unhandled",
    violations: ["foreignError", "unhandledError"],
    operations: 60,
    make: createWrongClient((unary) => async (...call) => {
      try {
        return await unary(...call);
      } catch {
        void Promise.reject(new Error("an unhandled rejection"));
        throw new Error("the call failed");
      }
    }),
  },
  {
    name: "sends a call after its end, when a slow token arrives",
    violations: ["wrongNotDone", "stateMismatch"],
    operations: 60,
    make: createWrongClient((unary) => async (...call) => {
      const [method, , timeoutMs, header, input, values] = call;
      const isLate = new Headers(header).get(operationHeader)?.endsWith("3");
      if (!isLate) {
        return await unary(...call);
      }
      setTimeout(() => {
        unary(method, undefined, 5000, header, input).catch(() => undefined);
      }, 300);
      return await unary(method, AbortSignal.abort(), timeoutMs, header, input, values);
    }),
  },
  {
    name: "reports calls that a forced close ended as not_done",
    violations: ["wrongNotDone"],
    operations: 120,
    conditions: { disruptions: [forcedCloseName], disruptionEvery: 2 },
    make: changeOutcome("not_done", ({ reason }) => reason === "closed"),
  },
  {
    name: "reports calls as unknown that ended before the TLS handshake",
    violations: ["needlessUnknown"],
    operations: 48,
    conditions: { disruptions: [blackholeName], disruptionEvery: 4, tlsShare: 1 },
    make: changeOutcome("unknown", () => true),
  },
  {
    name: "reports damaged TLS as a failed handshake",
    violations: ["wrongNotDone"],
    operations: 120,
    conditions: { disruptions: wrongByteNames, disruptionEvery: 3, tlsShare: 1 },
    make: changeOutcome("not_done", ({ reason }) => reason === "connection"),
  },
];
