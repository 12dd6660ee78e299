import * as protobuf from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { create, fromJson, toJson } from "zitadel-idp";
import {
  AddGoogleProviderRequestSchema,
  ListProvidersResponseSchema,
} from "zitadel-idp/management";

const request = create(AddGoogleProviderRequestSchema, {
  name: "Google",
  clientId: "id",
  providerOptions: { isAutoCreation: true },
});
const anyMessage = create(AnySchema);

describe("fromJson and toJson of the root entry", () => {
  test("return the same results as the functions of protobuf-es", () => {
    const json = protobuf.toJson(AddGoogleProviderRequestSchema, request);
    expect(toJson(AddGoogleProviderRequestSchema, request)).toStrictEqual(json);
    expect(fromJson(AddGoogleProviderRequestSchema, json)).toStrictEqual(request);
  });

  test("take the options for names and unknown fields", () => {
    expect(
      toJson(AddGoogleProviderRequestSchema, request, { useProtoFieldName: true }),
    ).toMatchObject({ client_id: "id", provider_options: { is_auto_creation: true } });
    expect(
      fromJson(ListProvidersResponseSchema, { later: 1 }, { ignoreUnknownFields: true }),
    ).toStrictEqual(create(ListProvidersResponseSchema));
    expect(() => fromJson(ListProvidersResponseSchema, { later: 1 })).toThrow("later");
  });

  test("name the library that supports other messages and options", () => {
    expect(() => toJson(AnySchema, anyMessage)).toThrow(
      "toJson of zitadel-idp does not support google.protobuf.Any; use toJson of @bufbuild/protobuf",
    );
    expect(() =>
      fromJson(AddGoogleProviderRequestSchema, {}, { registry: protobuf.createRegistry() }),
    ).toThrow(
      "fromJson of zitadel-idp does not support these options; use fromJson of @bufbuild/protobuf",
    );
  });
});
