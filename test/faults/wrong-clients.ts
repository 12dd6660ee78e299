import { create, type DescMethodUnary } from "@bufbuild/protobuf";
import { createContextValues, type Transport } from "@connectrpc/connect";
import { createIdpClient, type IdpClient, ZitadelError } from "zitadel-idp";
import { createAdminClient } from "zitadel-idp/admin";
import { createManagementClient } from "zitadel-idp/management";
import type { CampaignOptions } from "./campaign.js";
import type { MakeClient } from "./clients.js";
import { damageNames, forcedClose } from "./disruptions.js";
import { silenceName } from "./journal.js";
import { operationHeader } from "./server.js";
import type { Violation } from "./verdict.js";

/** A client with a mistake that others really make, and the checks that have to find it. */
export interface WrongClient {
  readonly name: string;
  readonly finds: readonly Violation[];
  /** So many operations show it for certain. */
  readonly operations: number;
  /** The conditions under which it shows. Default: those of every campaign. */
  readonly conditions?: Pick<
    CampaignOptions,
    "disruptions" | "disruptionEvery" | "tlsShare" | "roundLength"
  >;
  readonly make: MakeClient;
}

type Unary = Transport["unary"];

/** Puts a mistake between the callers and a client that never repeats anything by itself. */
function mistake(change: (unary: Unary) => Unary): MakeClient {
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

/** Says of calls that fail in one way that they are of another outcome. */
function saying(
  outcome: ZitadelError["outcome"],
  isMeant: (error: ZitadelError) => boolean,
): MakeClient {
  return mistake((unary) => async (...call) => {
    try {
      return await unary(...call);
    } catch (error) {
      if (error instanceof ZitadelError && isMeant(error)) {
        Object.assign(error, { outcome });
      }
      throw error;
    }
  });
}

export const wrongClients: readonly WrongClient[] = [
  {
    name: "repeats every call that fails up to three times",
    finds: ["twice", "falselyCertain"],
    operations: 180,
    make: mistake((unary) => async (...call) => {
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
    finds: ["lost", "wrongAnswer"],
    operations: 120,
    make: mistake((unary) => async (...call) => {
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
    name: "says of each failure that nothing was done",
    finds: ["falselyCertain", "hidden"],
    operations: 180,
    make: mistake((unary) => async (...call) => {
      try {
        return await unary(...call);
      } catch (error) {
        if (error instanceof ZitadelError) {
          Object.assign(error, { outcome: "not_done" });
        }
        throw error;
      }
    }),
  },
  {
    name: "says of each failure that it is unknown",
    finds: ["unfounded"],
    operations: 120,
    make: mistake((unary) => async (...call) => {
      try {
        return await unary(...call);
      } catch (error) {
        if (error instanceof ZitadelError) {
          Object.assign(error, { outcome: "unknown" });
        }
        throw error;
      }
    }),
  },
  {
    name: "takes no notice of deadlines and aborts",
    finds: ["late"],
    operations: 36,
    make: mistake(
      (unary) =>
        async (method, _signal, _timeoutMs, header, input, values = createContextValues()) => {
          const started = performance.now();
          try {
            return await unary(method, undefined, 5000, header, input, values);
          } finally {
            // As long as a server may take that nobody hurries.
            while (performance.now() - started < 700) {
              await new Promise((resolve) => setTimeout(resolve, 100));
            }
          }
        },
    ),
  },
  {
    name: "throws what the wire threw, and leaves a rejection unhandled",
    finds: ["foreign", "unhandled"],
    operations: 60,
    make: mistake((unary) => async (...call) => {
      try {
        return await unary(...call);
      } catch {
        void Promise.reject(new Error("nobody waits for this"));
        throw new Error("it did not work");
      }
    }),
  },
  {
    name: "sends a call after it has ended, once the token is there",
    finds: ["falselyCertain", "audit"],
    operations: 60,
    make: mistake((unary) => async (...call) => {
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
    name: "says of calls that a forced close ended that they were not done",
    finds: ["falselyCertain"],
    operations: 120,
    conditions: { disruptions: [forcedClose], disruptionEvery: 2 },
    make: saying("not_done", ({ reason }) => reason === "closed"),
  },
  {
    name: "does not know that nothing leaves before a handshake is over",
    finds: ["unfounded"],
    operations: 48,
    conditions: { disruptions: [silenceName], disruptionEvery: 4, tlsShare: 1 },
    make: saying("unknown", () => true),
  },
  {
    name: "takes damaged TLS for a handshake that failed",
    finds: ["falselyCertain"],
    operations: 120,
    conditions: { disruptions: damageNames, disruptionEvery: 3, tlsShare: 1 },
    make: saying("not_done", ({ reason }) => reason === "connection"),
  },
];
