import { create, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from "../../../gen/grpc/reflection/v1/reflection_pb.js";
import { listDependencies, type ReflectionSchema } from "./reflection-schema.js";

/** An answer to a question of a client: one case of the response's oneof. */
type Answer = ServerReflectionResponse["messageResponse"];

/**
 * Creates a function that answers the requests of one stream by the rules of connect-go's reflection. Needs no token.
 *
 * A file that the stream has sent is not sent again, unless a request asks for that file itself. Throws a ConnectError for a
 * request without a question, which ends the stream.
 */
export function createReflectionHandler(
  schema: ReflectionSchema,
): (request: ServerReflectionRequest) => ServerReflectionResponse {
  const sent = new Set<FileDescriptorProto>();
  return (request) =>
    create(ServerReflectionResponseSchema, {
      validHost: request.host,
      originalRequest: request,
      messageResponse: answerQuestion(schema, request.messageRequest, sent),
    });
}

function answerQuestion(
  { services, byName, bySymbol, extensions }: ReflectionSchema,
  question: ServerReflectionRequest["messageRequest"],
  sent: Set<FileDescriptorProto>,
): Answer {
  switch (question.case) {
    case "listServices":
      return {
        case: "listServicesResponse",
        value: {
          $typeName: "grpc.reflection.v1.ListServiceResponse",
          service: services.map((name) => ({
            $typeName: "grpc.reflection.v1.ServiceResponse",
            name,
          })),
        },
      };
    case "fileByFilename":
      return describeFile(byName.get(question.value), byName, sent);
    case "fileContainingSymbol":
      return describeFile(bySymbol.get(question.value), byName, sent);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = question.value;
      return describeFile(extensions.get(containingType)?.get(extensionNumber), byName, sent);
    }
    case "allExtensionNumbersOfType": {
      const numbers = extensions.get(question.value)?.keys();
      return numbers === undefined && !bySymbol.has(question.value)
        ? notFound
        : {
            case: "allExtensionNumbersResponse",
            value: {
              $typeName: "grpc.reflection.v1.ExtensionNumberResponse",
              baseTypeName: question.value,
              extensionNumber: [...(numbers ?? [])].toSorted((a, b) => a - b),
            },
          };
    }
    default:
      throw new ConnectError("invalid MessageRequest: <nil>", Code.InvalidArgument);
  }
}

/** Creates the answer with a file and those of its dependencies that were not sent before. */
function describeFile(
  file: FileDescriptorProto | undefined,
  byName: ReflectionSchema["byName"],
  sent: Set<FileDescriptorProto>,
): Answer {
  if (file === undefined) {
    return notFound;
  }
  const files = listDependencies(file, byName).filter((each) => each === file || !sent.has(each));
  files.forEach((each) => sent.add(each));
  return {
    case: "fileDescriptorResponse",
    value: {
      $typeName: "grpc.reflection.v1.FileDescriptorResponse",
      fileDescriptorProto: files.map((each) => toBinary(FileDescriptorProtoSchema, each)),
    },
  };
}

const notFound: Answer = {
  case: "errorResponse",
  value: {
    $typeName: "grpc.reflection.v1.ErrorResponse",
    errorCode: Code.NotFound,
    errorMessage: "proto: not found",
  },
};
