// The responses of the server, encoded once. Headers are those of a recorded ZITADEL, and messages have a usual size.
import { create, toBinary, toJson } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  AddGenericOIDCProviderRequestSchema,
  AddGenericOIDCProviderResponseSchema,
  GetProviderByIDRequestSchema,
  GetProviderByIDResponseSchema,
  ListProvidersRequestSchema,
  ListProvidersResponseSchema,
} from "#gen/zitadel/management_pb.js";
import { ErrorDetailSchema } from "#gen/zitadel/message_pb.js";
import {
  addProvider,
  getProvider,
  listProviders,
  listSizes,
  missingId,
  paths,
  providerId,
  providerName,
  silentId,
} from "../requests.mjs";

const details = {
  sequence: 4711n,
  creationDate: { seconds: 1_760_000_000n, nanos: 123_456_000 },
  changeDate: { seconds: 1_760_000_100n, nanos: 654_321_000 },
  resourceOwner: "300000000000000002",
};

/** An active OpenID Connect provider of an organization. */
const provider = (index) => ({
  id: String(BigInt(providerId) + BigInt(index)),
  details,
  state: 1,
  name: index === 0 ? providerName : `${providerName} ${index}`,
  owner: 2,
  type: 1,
  config: {
    options: { isLinkingAllowed: true, isCreationAllowed: true, isAutoUpdate: true },
    config: {
      case: "oidc",
      value: {
        issuer: `https://login-${index}.acme.example`,
        clientId: `zitadel-${index}`,
        scopes: ["openid", "profile", "email"],
        usePkce: true,
      },
    },
  },
});

const missing = {
  code: 5,
  id: "QUERY-SAFrt",
  text: "Identity Provider Configuration doesn't exist",
};

/**
 * The requests, as a message and as an HTTP request line with the limit of a list, and their responses: a message, an error, or
 * none.
 */
const exchanges = [
  {
    request: [GetProviderByIDRequestSchema, getProvider],
    http: `GET ${paths.get}`,
    response: () => [GetProviderByIDResponseSchema, { idp: provider(0) }],
  },
  {
    request: [AddGenericOIDCProviderRequestSchema, addProvider],
    http: `POST ${paths.add}`,
    response: () => [AddGenericOIDCProviderResponseSchema, { details, id: providerId }],
  },
  ...listSizes.map((size) => ({
    request: [ListProvidersRequestSchema, listProviders(size)],
    http: `POST ${paths.list} ${size}`,
    response: () => [
      ListProvidersResponseSchema,
      {
        details: { totalResult: BigInt(size), viewTimestamp: details.changeDate },
        result: Array.from({ length: size }, (_, index) => provider(index)),
      },
    ],
  })),
  {
    request: [GetProviderByIDRequestSchema, { id: missingId }],
    http: `GET ${paths.get.replace(providerId, missingId)}`,
    error: missing,
  },
  {
    request: [GetProviderByIDRequestSchema, { id: silentId }],
    http: `GET ${paths.get.replace(providerId, silentId)}`,
    silent: true,
  },
];

/** Returns the key of a gRPC request: its bytes, because no two requests are equal. */
export const grpcKey = (message) => Buffer.from(message).latin1Slice();

/**
 * Returns the responses by `grpcKey` and by "VERB path", or by "POST path limit" for lists. `null` means no response. They are
 * created on first use, because the longest takes a moment and most runs never need it.
 */
export const grpcResponses = new Map(
  exchanges.map(({ request: [schema, init], silent, ...exchange }) => [
    grpcKey(toBinary(schema, create(schema, init))),
    silent ? null : once(() => encodeGrpc(exchange)),
  ]),
);
export const jsonResponses = new Map(
  exchanges.map(({ http, silent, ...exchange }) => [
    http,
    silent ? null : once(() => encodeJson(exchange)),
  ]),
);

/** Returns a function that calls `compute` the first time and returns the same value from then on. */
function once(compute) {
  let value;
  return () => (value ??= compute());
}

function encodeGrpc({ response, error }) {
  if (error !== undefined) {
    return { message: undefined, trailers: createErrorTrailers(error) };
  }
  const [schema, init] = response();
  return {
    message: toBinary(schema, create(schema, init)),
    trailers: [["grpc-status", "0"]],
  };
}

function createErrorTrailers({ code, id, text }) {
  const message = `${text} (${id})`;
  const detail = toBinary(ErrorDetailSchema, create(ErrorDetailSchema, { id, message: text }));
  const any = new BinaryWriter();
  any.uint32(10).string(`type.googleapis.com/${ErrorDetailSchema.typeName}`);
  any.uint32(18).bytes(detail);
  const status = new BinaryWriter();
  status.uint32(8).int32(code);
  status.uint32(18).string(message);
  status.uint32(26).bytes(any.finish());
  return [
    ["grpc-status", String(code)],
    ["grpc-message", message],
    [
      "grpc-status-details-bin",
      Buffer.from(status.finish()).toString("base64").replaceAll("=", ""),
    ],
  ];
}

function encodeJson({ response, error }) {
  if (error !== undefined) {
    const { code, id, text } = error;
    const detail = {
      "@type": `type.googleapis.com/${ErrorDetailSchema.typeName}`,
      id,
      message: text,
    };
    const body = { code, message: `${text} (${id})`, details: [detail] };
    return { status: "404 Not Found", body: JSON.stringify(body) };
  }
  const [schema, init] = response();
  return { status: "200 OK", body: JSON.stringify(toJson(schema, create(schema, init))) };
}
