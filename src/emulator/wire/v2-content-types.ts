import { type MessageCodec, v2Codecs } from "./v2-codecs.js";

/** The protocol and the codec that a content type selects. */
interface V2ContentType {
  readonly protocol: "connect" | "grpc" | "grpc-web";
  readonly codec: MessageCodec;
}

const { json, proto } = v2Codecs;

/** The content types that v2 services accept. Unlike v1 services, they decode JSON if the content type names it. */
const v2ContentTypes: Readonly<Record<string, V2ContentType>> = {
  "application/grpc": { protocol: "grpc", codec: proto },
  "application/grpc+json": { protocol: "grpc", codec: json },
  "application/grpc+json; charset=utf-8": { protocol: "grpc", codec: json },
  "application/grpc+proto": { protocol: "grpc", codec: proto },
  "application/grpc-web": { protocol: "grpc-web", codec: proto },
  "application/grpc-web+json": { protocol: "grpc-web", codec: json },
  "application/grpc-web+json; charset=utf-8": { protocol: "grpc-web", codec: json },
  "application/grpc-web+proto": { protocol: "grpc-web", codec: proto },
  "application/json": { protocol: "connect", codec: json },
  "application/json; charset=utf-8": { protocol: "connect", codec: json },
  "application/proto": { protocol: "connect", codec: proto },
};

/** The value of `accept-post` in a response that rejects a content type. */
export const acceptedContentTypes: string = Object.keys(v2ContentTypes).join(", ");

/** Returns the protocol and the codec for a `content-type` header, or `undefined` if v2 services reject the header. */
export function findV2ContentType(header: string | undefined): V2ContentType | undefined {
  const canonical = (header ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim())
    .join("; ");
  return Object.hasOwn(v2ContentTypes, canonical) ? v2ContentTypes[canonical] : undefined;
}
