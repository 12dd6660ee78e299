import type { DescMethodUnary } from "@bufbuild/protobuf";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";

/** The RPCs that the emulator serves, by service and then by name. */
export const methods: ReadonlyMap<string, ReadonlyMap<string, DescMethodUnary>> = new Map(
  [ManagementService, AdminService].map((service) => [
    service.typeName,
    new Map(
      service.methods
        .filter(
          (method): method is typeof method & DescMethodUnary => method.methodKind === "unary",
        )
        .map((method) => [method.name, method]),
    ),
  ]),
);
