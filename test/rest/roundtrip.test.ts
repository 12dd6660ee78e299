import { create, equals } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescMethod, Message } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { describe, expect, test } from "vitest";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { decodeRequest } from "../../src/emulator/gateway/decode-request.js";
import { encodeRequest } from "../../src/rest/encode-request.js";
import { decodeResponse } from "../../src/rest/decode-response.js";
import { encodeResponse } from "../../src/rest/encode-response.js";
import { resolveRestMethod } from "../../src/rest/resolve-rest-method.js";
import { matchPathTemplate } from "../../src/rest/match-path-template.js";

/** Creates a message with a value in every field, `depth` levels deep. The last member of a oneof wins. */
function filled(desc: DescMessage, depth = 4): Message {
  const message = reflect(desc, create(desc));
  for (const field of desc.fields) {
    fill(message, field, depth);
  }
  return message.message;
}

function fill(message: ReflectMessage, field: DescField, depth: number): void {
  const nested = field.message;
  if (nested !== undefined && depth === 0) {
    return;
  }
  const single = (): unknown =>
    nested
      ? reflect(nested, filled(nested, depth - 1))
      : (field.enum?.values.at(-1)?.number ?? scalar(field));
  if (field.fieldKind === "list") {
    message.get(field).add(single());
    message.get(field).add(single());
  } else if (field.fieldKind !== "map") {
    message.set(field, single());
  }
}

function scalar(field: DescField): unknown {
  const samples: unknown[] = [`${field.name} ü/é "\n`, 7, 7n, true, Uint8Array.of(0, 255)];
  const probe = reflect(field.parent);
  return samples.find((sample) => {
    try {
      if (field.fieldKind === "list") {
        probe.get(field).add(sample);
      } else {
        probe.set(field, sample);
      }
      return true;
    } catch {
      return false;
    }
  });
}

const methods: DescMethod[] = [...ManagementService.methods, ...AdminService.methods];

test("the two services have 97 methods, each with a rule", () => {
  expect(methods.map((method) => resolveRestMethod(method).bindings.length)).toEqual(
    Array(97).fill(1),
  );
});

describe("client and server understand each other's requests and responses", () => {
  test.each(methods.map((method) => [`${method.parent.name}.${method.name}`, method] as const))(
    "%s",
    (_, method) => {
      const rest = resolveRestMethod(method);
      const sent = filled(method.input);
      const request = encodeRequest(rest, sent);
      const pieces = request.path
        .slice(rest.prefix.length + 1)
        .split("/")
        .map(decodeURIComponent);
      const received = decodeRequest(rest, request.binding, {
        variables: matchPathTemplate(request.binding.template, pieces) ?? {},
        query: new URLSearchParams(request.query.map(([name, value]) => [name, value])),
        contentType: request.contentType ?? "",
        body: new TextEncoder().encode(String(request.body ?? "")),
      });
      expect(equals(method.input, received, sent)).toBe(true);

      const answer = filled(method.output);
      const { contentType, data } = encodeResponse(rest, request.binding, answer);
      const headers = new Headers({ "content-type": contentType });
      const read = decodeResponse(rest, request.binding, {
        status: 200,
        headers,
        body: data,
      });
      expect(equals(method.output, read, answer)).toBe(true);
    },
  );
});
