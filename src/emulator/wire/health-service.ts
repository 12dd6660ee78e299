import { create, type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus,
} from "../../../gen/grpc/health/v1/health_pb.js";

const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/** Returns the method of the health service that a path names, or `undefined` for any other path. */
export function findHealthMethod(target: string): DescMethod | undefined {
  return Health.methods.find(({ name }) => target === `/${Health.typeName}/${name}`);
}

/**
 * Answers a call of the health service, which needs no token and works on every host.
 *
 * As on the real server, only the server as a whole has a health: its name is empty. Throws the error of grpc-go's health service.
 */
export function answerHealthCall(method: DescMethod, message: Message): Message {
  const { check, list, watch } = Health.method;
  if (method.name === list.name) {
    return create(list.output, { statuses: { "": { status: SERVING } } });
  }
  const isServer = isMessage(message, HealthCheckRequestSchema) && message.service === "";
  if (method.name === watch.name) {
    return create(watch.output, { status: isServer ? SERVING : SERVICE_UNKNOWN });
  }
  if (!isServer) {
    throw new ConnectError("unknown service", Code.NotFound);
  }
  return create(check.output, { status: SERVING });
}
