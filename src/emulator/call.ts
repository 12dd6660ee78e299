import { create, type DescMethodUnary, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { authorize } from "./access.js";
import type { Handler } from "./rpc/context.js";
import { adminLegacyHandlers, managementLegacyHandlers } from "./rpc/legacy.js";
import { templateHandlers } from "./rpc/templates.js";
import type { State } from "./state.js";
import { validate } from "./validate.js";
import { first, type HeaderList } from "./wire/exchange.js";

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  [ManagementService.typeName]: { ...templateHandlers, ...managementLegacyHandlers },
  [AdminService.typeName]: { ...templateHandlers, ...adminLegacyHandlers },
};

/** One decoded call, whichever wire it came over. */
export interface Call {
  readonly method: DescMethodUnary;
  readonly message: Message;
  /** Headers, or gRPC metadata. */
  readonly metadata: HeaderList;
  /** The host and port that the client asked for: they decide the instance. */
  readonly authority: string;
}

/**
 * Takes a call through the server's chain, in the order that decides which error wins: instance, token, organization,
 * permission, validation, handler. Gives the response message or throws a ConnectError.
 */
export function answer(state: State, { method, message, metadata, authority }: Call): Message {
  checkInstance(state, authority, metadata);
  const rpc = `${method.parent.typeName}/${method.name}`;
  const access = authorize(state, rpc, metadata);
  const handler = handlers[method.parent.typeName]?.[method.name];
  if (handler === undefined) {
    throw new ConnectError(`${rpc} is not emulated yet`, Code.Unimplemented);
  }
  const owner =
    method.parent.typeName === AdminService.typeName ? state.instance : access.organization;
  validate(method.input, message);
  // The table above has each RPC's own handler under its name, so the message is of the type that it takes.
  const response = (handler as Handler<Message>)(message, {
    state,
    access,
    owner,
    input: method.input,
  });
  return create(method.output, response);
}

function checkInstance({ domain }: State, authority: string, metadata: HeaderList): void {
  const named =
    first(metadata, "x-zitadel-instance-host") ?? first(metadata, "x-forwarded-host") ?? authority;
  if (named.replace(/:\d+$/, "") !== domain) {
    throw new ConnectError(
      `unable to set instance using origin &{${named}  http} (ExternalDomain is ${domain}): ID=QUERY-1kIjX ` +
        "Message=Instance not found. Make sure you got the domain right. " +
        "Check out https://zitadel.com/docs/apis/introduction#domains",
      Code.NotFound,
    );
  }
}
