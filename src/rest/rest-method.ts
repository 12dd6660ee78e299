import type { DescField, DescMessage, DescMethod, Message } from "@bufbuild/protobuf";
import type { UrlValueOptions } from "./format-url-value.js";
import type { HttpBody } from "./http-body.js";
import type { JsonCodec } from "./json/json-codec.js";
import type { MessageView } from "./json/message-view.js";
import type { PathTemplate } from "./path-template.js";

/** An RPC with its google.api.http rule. */
export interface RestMethod {
  readonly method: DescMethod;
  /** The prefix of every path, e.g. `/management/v1`; "" for most other services. */
  readonly prefix: string;
  /** The binding of the rule itself, then its additional bindings. */
  readonly bindings: readonly Binding[];
  /** The codec for the JSON form of the request and response messages. */
  readonly codec: JsonCodec;
  /** The encodings that no RPC of this package's own services needs. */
  readonly extraEncodings?: ExtraEncodings | undefined;
}

/** One way to call an RPC over HTTP. */
export interface Binding {
  /** The HTTP method, in capitals unless the rule names a custom one. */
  readonly verb: string;
  readonly template: PathTemplate;
  /** The fields from the request message down to the value, for each variable of the template. */
  readonly variables: readonly (readonly DescField[])[];
  /** The field that is the body. `"*"` stands for everything that is not in the path, `undefined` for no body. */
  readonly body: DescField | "*" | undefined;
  /** The response field that is the response body. `undefined` stands for the whole message. */
  readonly responseBody: DescField | undefined;
}

/** Encodings of query parameters and of google.api.HttpBody. They are loaded together with the RPCs of other services. */
export interface ExtraEncodings {
  /** Encodes the fields that are neither in the path nor in the body. */
  encodeQuery(
    rest: RestMethod,
    binding: Binding,
    root: MessageView,
    options: UrlValueOptions,
  ): [name: string, value: string][];
  /** Returns the body of a request that is a google.api.HttpBody, or `undefined` for any other. */
  encodeHttpBody(
    input: DescMessage,
    body: DescField | "*",
    fields: MessageView,
  ): HttpBody | undefined;
  /** Returns the message of a response that is a google.api.HttpBody, or `undefined` for any other. */
  decodeHttpBody(
    output: DescMessage,
    responseBody: DescField | undefined,
    contentType: string,
    bytes: Uint8Array,
  ): Message | undefined;
}
