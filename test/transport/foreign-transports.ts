import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import {
  ConnectError,
  type ConnectRouter,
  createRouterTransport,
  type HandlerContext,
  type Interceptor,
  type ServiceImpl,
  type Transport,
} from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import type { IdpClient, IdpClientOptions, Protocol } from "zitadel-idp";
import { AdminService, createAdminClient } from "zitadel-idp/admin";
import { createManagementClient, ManagementService } from "zitadel-idp/management";
import { auth, org, withErrors, withRetry } from "zitadel-idp/policy";

/** A transport of Connect that takes the place of one of ours. */
export interface ForeignTransport {
  readonly name: string;
  /** The wire protocol of our own transport that it is compared with. */
  readonly protocol: Protocol;
  /** True if the transport has connections, which can break. */
  readonly hasNetwork: boolean;
  create(baseUrl: string, interceptors: Interceptor[]): Transport & { close?(): void };
}

export const foreignTransports: readonly ForeignTransport[] = [
  {
    name: "connect-node",
    protocol: "grpc",
    hasNetwork: true,
    create(baseUrl, interceptors) {
      const sessionManager = new Http2SessionManager(baseUrl);
      return {
        ...createGrpcTransport({ baseUrl, interceptors, sessionManager }),
        close: () => sessionManager.abort(),
      };
    },
  },
  {
    name: "connect-web",
    protocol: "grpc-web",
    hasNetwork: true,
    create: (baseUrl, interceptors) => createGrpcWebTransport({ baseUrl, interceptors }),
  },
  {
    name: "createRouterTransport",
    protocol: "grpc-web",
    hasNetwork: false,
    create: (baseUrl, interceptors) =>
      createRouterTransport(routesTo(createGrpcWebTransport({ baseUrl })), {
        transport: { baseUrl, interceptors },
      }),
  },
];

/** The client that wraps a foreign transport. */
export type Facade = Pick<IdpClient, "management" | "admin" | "transport"> & AsyncDisposable;

/** Options of `createIdpClient` that do not depend on the transport. */
export type FacadeOptions = Pick<IdpClientOptions, "auth" | "orgId" | "retry" | "timeoutMs">;

/** Puts the layers of `createIdpClient` around a foreign transport. */
export function createFacade(
  { create, protocol }: ForeignTransport,
  baseUrl: string,
  { auth: source = "", orgId, retry, timeoutMs }: FacadeOptions,
): Facade {
  const interceptors = [auth(source, { baseUrl }), ...(orgId === undefined ? [] : [org(orgId)])];
  const inner = create(baseUrl, interceptors);
  const retrying = retry === false ? inner : withRetry(inner, { ...retry, protocol, baseUrl });
  const transport = withErrors(retrying, { protocol, baseUrl, timeoutMs });
  return {
    management: createManagementClient(transport),
    admin: createAdminClient(transport),
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
