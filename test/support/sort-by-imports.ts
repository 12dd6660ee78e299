import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/** Sorts files so that imports come first. */
export function sortByImports(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>();
  const add = (file: FileDescriptorProto): void => {
    for (const name of file.dependency) {
      const found = files.find((each) => each.name === name);
      if (found !== undefined) {
        add(found);
      }
    }
    ordered.add(file);
  };
  files.forEach(add);
  return [...ordered];
}
