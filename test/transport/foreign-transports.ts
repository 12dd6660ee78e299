import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import {
  ConnectError,
  type ConnectRouter,
  createRouterTransport,
  type HandlerContext,
  type ServiceImpl,
  type Transport,
} from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { createIdpClient, type IdpClient, type IdpClientOptions, type Protocol } from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";

/** A transport of Connect that replaces one of this package. */
export interface ForeignTransport {
  readonly name: string;
  /** The wire protocol of our own transport that it is compared with. */
  readonly protocol: Protocol;
  /** True if the transport has connections, which can break. */
  readonly hasNetwork: boolean;
  create(baseUrl: string): Transport & { close?(): void };
}

export const foreignTransports: readonly ForeignTransport[] = [
  {
    name: "connect-node",
    protocol: "grpc",
    hasNetwork: true,
    create(baseUrl) {
      const sessionManager = new Http2SessionManager(baseUrl);
      return {
        ...createGrpcTransport({ baseUrl, sessionManager }),
        close: () => sessionManager.abort(),
      };
    },
  },
  {
    name: "connect-web",
    protocol: "grpc-web",
    hasNetwork: true,
    create: (baseUrl) => createGrpcWebTransport({ baseUrl }),
  },
  {
    name: "createRouterTransport",
    protocol: "grpc-web",
    hasNetwork: false,
    create: (baseUrl) => createRouterTransport(routesTo(createGrpcWebTransport({ baseUrl }))),
  },
];

/** The client that wraps a foreign transport. */
export type Facade = Pick<IdpClient, "management" | "admin" | "transport"> & AsyncDisposable;

/** Options of `createIdpClient` that do not depend on the transport. */
export type FacadeOptions = Pick<IdpClientOptions, "auth" | "orgId" | "retry" | "timeoutMs">;

/** Creates a client over a foreign transport. */
export function createFacade(
  { create }: ForeignTransport,
  baseUrl: string,
  options: FacadeOptions,
): Facade {
  const inner = create(baseUrl);
  const { management, admin, transport } = createIdpClient({
    ...options,
    baseUrl,
    transport: inner,
  });
  return {
    management,
    admin,
    transport,
    [Symbol.asyncDispose]: () => Promise.resolve(inner.close?.()),
  };
}

/** Returns the routes of both services, which pass each call on to `server`. */
function routesTo(server: Transport): (router: ConnectRouter) => void {
  return (router) => {
    for (const service of [ManagementService, AdminService]) {
      router.service(service, handlersTo(service, server));
    }
  };
}

function handlersTo<S extends DescService>(service: S, server: Transport): Partial<ServiceImpl<S>> {
  const methods = service.methods as readonly DescMethodUnary[];
  const handlers = methods.map((method) => [
    method.localName,
    async (
      request: Record<string, unknown>,
      { requestHeader, signal, timeoutMs }: HandlerContext,
    ) => {
      const header = [...requestHeader].filter(([name]) =>
        ["authorization", "x-zitadel-orgid"].includes(name),
      );
      try {
        const response = await server.unary(method, signal, timeoutMs(), header, request);
        return response.message;
      } catch (error) {
        throw withoutHeaders(ConnectError.from(error));
      }
    },
  ]);
  return Object.fromEntries(handlers) as Partial<ServiceImpl<S>>;
}

/** Removes the headers of the server's response, which a route must not send as its own. */
function withoutHeaders({ rawMessage, code, details }: ConnectError): ConnectError {
  const error = new ConnectError(rawMessage, code);
  error.details = details;
  return error;
}
