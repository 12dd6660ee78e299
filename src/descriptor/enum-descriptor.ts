import type { DescEnum, DescEnumValue } from "@bufbuild/protobuf";
import { protoSnakeCase, safeObjectProperty } from "@bufbuild/protobuf/reflect";
import type { EnumDescriptorProto } from "@bufbuild/protobuf/wkt";
import { lowerFirst } from "./lower-first.js";
import type { ReadableFile, ReadableMessage } from "./readable-file.js";

/** The descriptor of an enum, which reads the enum when one of its properties is read. */
export class EnumDescriptor implements DescEnum {
  readonly kind = "enum";
  readonly open = true;
  readonly file: ReadableFile;
  readonly parent: ReadableMessage | undefined;
  readonly #index: number;
  #proto: EnumDescriptorProto | undefined;
  #values: DescEnumValue[] | undefined;
  #value: Record<number, DescEnumValue> | undefined;

  constructor(file: ReadableFile, parent: ReadableMessage | undefined, index: number) {
    this.file = file;
    this.parent = parent;
    this.#index = index;
  }

  get proto(): EnumDescriptorProto {
    return (this.#proto ??= (this.parent ?? this.file).enumProto(this.#index));
  }
  get name(): string {
    return this.proto.name;
  }
  get typeName(): string {
    return `${this.parent?.typeName ?? this.file.head.package}.${this.name}`;
  }
  get deprecated(): boolean {
    return this.proto.options?.deprecated ?? false;
  }
  get sharedPrefix(): string | undefined {
    return findSharedPrefix(this.proto);
  }
  get values(): DescEnumValue[] {
    return (this.#values ??= this.#readValues());
  }
  get value(): Record<number, DescEnumValue> {
    return (this.#value ??= this.#indexValues());
  }

  #indexValues(): Record<number, DescEnumValue> {
    const byNumber: Record<number, DescEnumValue> = {};
    for (const value of this.values) {
      // Of two values with one number, the first counts.
      byNumber[value.number] ??= value;
    }
    return byNumber;
  }

  #readValues(): DescEnumValue[] {
    const prefixLength = this.sharedPrefix?.length ?? 0;
    return this.proto.value.map((proto) => ({
      kind: "enum_value",
      proto,
      deprecated: proto.options?.deprecated ?? false,
      parent: this,
      name: proto.name,
      localName: safeObjectProperty(proto.name.slice(prefixLength)),
      number: proto.number,
      jsonName: proto.name,
      toString: () => `enum value ${this.typeName}.${proto.name}`,
    }));
  }

  toString(): string {
    return `enum ${this.typeName}`;
  }
}

/** Returns the name of an enum as the prefix of its values, e.g. `idp_state_` for IDPState, if all values have that prefix. */
function findSharedPrefix({ name, value }: EnumDescriptorProto): string | undefined {
  const prefix = `${protoSnakeCase(lowerFirst(name))}_`;
  const isShared = value.every((each) => {
    // The rest of the value must be a name: not empty, and without a digit at its start.
    const first = each.name.charAt(prefix.length);
    return each.name.toLowerCase().startsWith(prefix) && Number.isNaN(Number(first || 0));
  });
  return isShared ? prefix : undefined;
}
