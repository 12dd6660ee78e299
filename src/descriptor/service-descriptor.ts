import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { safeObjectProperty } from "@bufbuild/protobuf/reflect";
import type { MethodDescriptorProto, ServiceDescriptorProto } from "@bufbuild/protobuf/wkt";
import { lowerFirst } from "./lower-first.js";
import type { ReadableFile } from "./readable-file.js";

/** The descriptor of a service, which reads the service when one of its properties is read. */
export class ServiceDescriptor implements DescService {
  readonly kind = "service";
  readonly file: ReadableFile;
  readonly #index: number;
  #proto: ServiceDescriptorProto | undefined;
  #methods: DescMethod[] | undefined;
  #method: Record<string, DescMethod> | undefined;

  constructor(file: ReadableFile, index: number) {
    this.file = file;
    this.#index = index;
  }

  get proto(): ServiceDescriptorProto {
    return (this.#proto ??= this.file.serviceProto(this.#index));
  }
  get name(): string {
    return this.proto.name;
  }
  get typeName(): string {
    return `${this.file.head.package}.${this.name}`;
  }
  get deprecated(): boolean {
    return this.proto.options?.deprecated ?? false;
  }
  get methods(): DescMethod[] {
    return (this.#methods ??= this.proto.method.map((proto) => createMethod(this, proto)));
  }
  get method(): Record<string, DescMethod> {
    return (this.#method ??= Object.fromEntries(
      this.methods.map((method) => [method.localName, method]),
    ));
  }

  toString(): string {
    return `service ${this.typeName}`;
  }
}

/** The kinds of methods. In the index, 1 stands for a stream of the server, and 2 for a stream of the client. */
const methodKinds = ["unary", "server_streaming", "client_streaming", "bidi_streaming"] as const;

function createMethod(parent: ServiceDescriptor, proto: MethodDescriptorProto): DescMethod {
  const { name, clientStreaming, serverStreaming } = proto;
  return {
    kind: "rpc",
    proto,
    deprecated: proto.options?.deprecated ?? false,
    parent,
    name,
    localName: safeObjectProperty(lowerFirst(name)),
    methodKind: methodKinds[Number(clientStreaming) * 2 + Number(serverStreaming)],
    input: parent.file.resolve(proto.inputType),
    output: parent.file.resolve(proto.outputType),
    idempotency: proto.options?.idempotencyLevel ?? 0,
    toString: () => `rpc ${parent.typeName}.${name}`,
  } as DescMethod;
}
