import { create, type DescMethodUnary, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { type Access, authorize } from "./access.js";
import { andThen, type Eventually } from "./eventually.js";
import { checkInstance } from "./instance.js";
import { translate } from "./problem.js";
import type { Context, Handler } from "./rpc/context.js";
import { humanLinkHandlers } from "./rpc/human-links.js";
import { adminLegacyHandlers, managementLegacyHandlers } from "./rpc/legacy.js";
import { adminLoginPolicyHandlers, managementLoginPolicyHandlers } from "./rpc/login-policy.js";
import { migrate } from "./rpc/migrate.js";
import { templateHandlers } from "./rpc/templates.js";
import type { State } from "./state.js";
import { languageOf } from "./texts.js";
import { validate } from "./validate.js";
import { first, type HeaderList } from "./wire/exchange.js";

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  [ManagementService.typeName]: {
    ...templateHandlers,
    ...managementLegacyHandlers,
    ...managementLoginPolicyHandlers,
    ...humanLinkHandlers,
    MigrateGenericOIDCProvider: migrate,
  },
  [AdminService.typeName]: {
    ...templateHandlers,
    ...adminLegacyHandlers,
    ...adminLoginPolicyHandlers,
    MigrateGenericOIDCProvider: migrate,
  },
};

/** A decoded call, independent of its wire protocol. */
export interface Call {
  readonly method: DescMethodUnary;
  readonly message: Message;
  /** The headers, or the gRPC metadata. */
  readonly metadata: HeaderList;
  /** The host and port that the client requested. They select the instance. */
  readonly authority: string;
  /** Called with the caller and the organization once authorization succeeds. */
  readonly authorized?: (access: Access) => void;
}

/**
 * Processes a call and returns the response message.
 *
 * The checks run in the real server's order, which decides which error wins: instance, token, organization, permission,
 * validation, handler. Throws a ConnectError.
 */
export function answer(state: State, call: Call): Eventually<Message> {
  return state.ready === undefined
    ? answerNow(state, call)
    : state.ready.then(() => answerNow(state, call));
}

function answerNow(
  state: State,
  { method, message, metadata, authority, authorized }: Call,
): Eventually<Message> {
  checkInstance(state, authority, metadata);
  const rpc = `${method.parent.typeName}/${method.name}`;
  const access = authorize(state, rpc, metadata);
  authorized?.(access);
  validate(method.input, message);
  const owner =
    method.parent.typeName === AdminService.typeName ? state.instance : access.organization;
  const context: Context = { state, access, owner, input: method.input };
  const refuse = (reason: unknown): never => {
    const language = languageOf(first(metadata, "accept-language"), state.defaultLanguage);
    throw translate(ConnectError.from(reason, Code.Internal), language);
  };
  try {
    const fields = handlerOf(method)(message, context);
    const response = andThen(fields, (each) => create(method.output, each));
    return response instanceof Promise ? response.catch(refuse) : response;
  } catch (reason) {
    return refuse(reason);
  }
}

/** Returns the handler of an RPC. The cast is safe because the table lists each handler under the name of its own RPC. */
function handlerOf({ name, parent }: DescMethodUnary): Handler<Message> {
  const handler = handlers[parent.typeName]?.[name];
  if (handler === undefined) {
    throw new ConnectError(`${parent.typeName}/${name} is not emulated`, Code.Unimplemented);
  }
  return handler as Handler<Message>;
}
