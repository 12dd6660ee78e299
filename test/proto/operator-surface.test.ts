import { readFileSync } from "node:fs";
import { type DescField, type DescMessage, getOption, ScalarType } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { describe, expect, test } from "vitest";
import { http } from "../../gen/google/api/annotations_pb.js";
import { operatorPermissions } from "../../gen/operator-rules.js";
import {
  AdminOperatorsService,
  file_zitadel_admin_operators,
} from "../../gen/zitadel/admin_operators_pb.js";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { AuthService, file_zitadel_auth } from "../../gen/zitadel/auth_pb.js";
import { file_zitadel_change } from "../../gen/zitadel/change_pb.js";
import { file_zitadel_event } from "../../gen/zitadel/event_pb.js";
import { file_zitadel_instance } from "../../gen/zitadel/instance_pb.js";
import {
  file_zitadel_management_operators,
  ManagementOperatorsService,
} from "../../gen/zitadel/management_operators_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { file_zitadel_message_operators } from "../../gen/zitadel/message_operators_pb.js";
import { file_zitadel_org } from "../../gen/zitadel/org_pb.js";
import { file_zitadel_user } from "../../gen/zitadel/user_pb.js";

/** The wire surface of the RPCs for operators, written down apart from the protos. */
interface OperatorSurface {
  rpcs: {
    service: string;
    method: string;
    request: string;
    response: string;
    http: { verb: string; path: string; body?: string };
    permission: string;
  }[];
  messages: Record<
    string,
    {
      file: string;
      fields: { name: string; number: number; type: string; repeated?: boolean; oneof?: string }[];
    }
  >;
  enums: Record<string, { file: string; values: Record<string, number> }>;
}

const surface = JSON.parse(
  readFileSync(new URL("surface-operators.json", import.meta.url), "utf8"),
) as OperatorSurface;

const services = [AuthService, ManagementOperatorsService, AdminOperatorsService];
const types = [
  file_zitadel_auth,
  file_zitadel_management_operators,
  file_zitadel_admin_operators,
  file_zitadel_message_operators,
  file_zitadel_change,
  file_zitadel_event,
  file_zitadel_instance,
  file_zitadel_org,
  file_zitadel_user,
].flatMap((file) => [...nestedTypes(file)]);

/**
 * RPCs beside the surface. Recordings of a real server have the first two. The third tells whether a user exists; vendor.test.ts
 * compares its messages.
 */
const beyondTheSurface = ["Healthz", "ListMyProjectOrgs", "GetUserByID"];

describe("the RPCs for operators", () => {
  test("are those of the surface, with their types, HTTP rules and permissions", () => {
    const actual = services.flatMap(({ typeName, methods }) =>
      methods
        .filter(({ name }) => !beyondTheSurface.includes(name))
        .map((method) => {
          const { pattern, body } = getOption(method, http);
          const path = String(pattern.value);
          return {
            service: typeName,
            method: method.name,
            request: method.input.typeName,
            response: method.output.typeName,
            http: { verb: pattern.case?.toUpperCase(), path, ...(body !== "" && { body }) },
            permission: operatorPermissions[`${typeName}/${method.name}`],
          };
        }),
    );
    expect(byName(actual)).toEqual(byName(surface.rpcs));
  });

  test("belong to ZITADEL's services, and are no RPCs on identity providers", () => {
    expect(services.map(({ typeName }) => typeName)).toEqual([
      "zitadel.auth.v1.AuthService",
      ManagementService.typeName,
      AdminService.typeName,
    ]);
    const others = [...ManagementService.methods, ...AdminService.methods];
    const names = new Set(others.map(({ parent, name }) => `${parent.typeName}/${name}`));
    const own = services.flatMap(({ typeName, methods }) =>
      methods.map(({ name }) => `${typeName}/${name}`),
    );
    expect(own.filter((name) => names.has(name))).toEqual([]);
  });

  test("have messages with the fields of the surface", () => {
    const messages = types
      .filter((type) => type.kind === "message")
      .filter(({ name }) => !beyondTheSurface.some((rpc) => name.startsWith(rpc)));
    expect(sorted(messages.flatMap(describeFields))).toEqual(
      sorted(
        Object.entries(surface.messages).flatMap(([message, { fields }]) =>
          fields.map(({ name, number, type, repeated = false, oneof }) =>
            describeField(message, { name, number, type, repeated, oneof }),
          ),
        ),
      ),
    );
    expect(sorted(messages.map(({ typeName }) => typeName))).toEqual(
      sorted(Object.keys(surface.messages)),
    );
  });

  test("have enums with the values of the surface", () => {
    const actual = types.flatMap((type) =>
      type.kind === "enum"
        ? type.values.map(({ name, number }) => `${type.typeName}.${name} = ${number}`)
        : [],
    );
    const expected = Object.entries(surface.enums).flatMap(([name, { values }]) =>
      Object.entries(values).map(([value, number]) => `${name}.${value} = ${number}`),
    );
    expect(sorted(actual)).toEqual(sorted(expected));
  });
});

interface FieldFacts {
  name: string;
  number: number;
  type: string;
  repeated: boolean;
  oneof: string | undefined;
}

function describeFields({ typeName, fields }: DescMessage): string[] {
  return fields.map((field) =>
    describeField(typeName, {
      name: field.name,
      number: field.number,
      type: typeOf(field),
      repeated: field.fieldKind === "list",
      oneof: field.oneof?.name,
    }),
  );
}

function typeOf(field: DescField): string {
  const scalar = ScalarType[field.scalar ?? 0]?.toLowerCase() ?? "unknown";
  return field.message?.typeName ?? field.enum?.typeName ?? scalar;
}

function describeField(
  message: string,
  { name, number, type, repeated, oneof }: FieldFacts,
): string {
  return `${message}.${name}: ${repeated ? "repeated " : ""}${type} = ${number} in ${oneof ?? "no oneof"}`;
}

function sorted(lines: readonly string[]): string[] {
  return lines.toSorted();
}

function byName<T extends { service: string; method: string }>(rpcs: readonly T[]): T[] {
  const key = ({ service, method }: T): string => `${service}/${method}`;
  return rpcs.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
