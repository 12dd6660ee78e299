// A buf plugin that generates three TypeScript files apart from the message descriptors, so that bundles include them only on
// request: the validation rules, which only a server reads; the permissions of RPCs, which errors name; and the HTTP rules. With the
// option `operators=true` it generates one file: the validation rules and permissions of the RPCs for operators, which only the
// emulator reads.
import { getOption, hasOption, toJson } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { createEcmaScriptPlugin, runNodeJs } from "@bufbuild/protoplugin";
import { serviceName } from "./service-name.mjs";

const parseOptions = (options) => ({
  operators: options.some(({ key, value }) => key === "operators" && value === "true"),
});

runNodeJs(
  createEcmaScriptPlugin({ name: "protoc-gen-rules", version: "v1", parseOptions, generateTs }),
);

function generateTs(schema) {
  const types = schema.files.flatMap((file) => [...nestedTypes(file)]).toSorted(byTypeName);
  const messages = types.filter(({ kind }) => kind === "message");
  const services = types.filter(({ kind }) => kind === "service");
  const findOption = createFindOption(schema);
  const fieldRules = readFieldRules(messages, findOption("validate.rules"));
  const requiredOneofs = readRequiredOneofs(messages, findOption("validate.required"));
  const permissions = readPermissions(services, findOption("zitadel.v1.auth_option"));
  if (schema.options.operators) {
    printOperatorRules(
      schema.generateFile("operator-rules.ts"),
      fieldRules,
      requiredOneofs,
      permissions,
    );
    return;
  }
  const httpBindings = readHttpBindings(services, findOption("google.api.http"));
  printHttpBindings(schema.generateFile("http-bindings.ts"), httpBindings);
  printRules(schema.generateFile("rules.ts"), fieldRules, requiredOneofs);
  printPermissions(schema.generateFile("permissions.ts"), permissions);
}

/** Returns a function that finds an option by its name, and throws if no file defines it. */
function createFindOption({ allFiles }) {
  const extensions = allFiles.flatMap((file) => file.extensions);
  return (typeName) => {
    const extension = extensions.find((each) => each.typeName === typeName);
    if (extension === undefined) {
      throw new Error(`no file defines the option ${typeName}`);
    }
    return extension;
  };
}

function readFieldRules(messages, option) {
  const entries = messages.map(({ typeName, fields }) => [
    typeName,
    Object.fromEntries(
      fields
        .filter((field) => hasOption(field, option))
        .map((field) => [
          field.name,
          withNumbers(toJson(option.message, getOption(field, option))),
        ]),
    ),
  ]);
  return Object.fromEntries(entries.filter(([, rules]) => Object.keys(rules).length > 0));
}

function readRequiredOneofs(messages, option) {
  const entries = messages.map(({ typeName, oneofs }) => [
    typeName,
    oneofs.filter((oneof) => getOption(oneof, option)).map(({ name }) => name),
  ]);
  return Object.fromEntries(entries.filter(([, names]) => names.length > 0));
}

function readPermissions(services, option) {
  const methods = services.flatMap((service) => service.methods);
  return Object.fromEntries(
    methods
      .filter((method) => hasOption(method, option))
      .map((method) => [rpcName(method), getOption(method, option).permission]),
  );
}

/** Returns pairs of an RPC and its HTTP method, path and body. */
function readHttpBindings(services, option) {
  const methods = services.flatMap((service) => service.methods);
  return methods
    .filter((method) => hasOption(method, option))
    .map((method) => {
      const { pattern, body, responseBody, additionalBindings } = getOption(method, option);
      if (pattern.case === "custom" || responseBody !== "" || additionalBindings.length > 0) {
        const name = rpcName(method);
        throw new Error(`the HTTP rule of ${name} has more than a method, a path and a body`);
      }
      return [rpcName(method), [pattern.case.toUpperCase(), pattern.value, body]];
    });
}

function rpcName({ parent, name }) {
  return `${serviceName(parent.typeName)}/${name}`;
}

function printHttpBindings(file, httpBindings) {
  file.print(`${header("options")}

/** The google.api.http rule of each RPC, by service and method: the HTTP method, the path, and the body. */
export const httpBindings: Readonly<
  Record<string, readonly [verb: string, path: string, body: string]>
> = {
${httpBindings.map(([name, rule]) => `  "${name}": ${JSON.stringify(rule)},`).join("\n")}
};`);
}

function printRules(file, fieldRules, requiredOneofs) {
  file.print(`${header("options")}

/** The rules of one field, in the member for its type. Lengths of strings count Unicode code points, lengths of bytes bytes. */
export interface FieldRules {
  readonly string?: { readonly len?: number; readonly minLen?: number; readonly maxLen?: number };
  readonly bytes?: { readonly minLen?: number; readonly maxLen?: number };
  readonly enum?: { readonly definedOnly?: boolean; readonly notIn?: readonly number[] };
  readonly repeated?: { readonly minItems?: number; readonly maxItems?: number; readonly items?: FieldRules };
}

/** The server's rules for the fields of messages, by message type name, then by proto field name. */
export const fieldRules: Readonly<Record<string, Readonly<Record<string, FieldRules>>>> = ${printTable(fieldRules)};

/** The oneofs that must be set, by message type name. */
export const requiredOneofs: Readonly<Record<string, readonly string[]>> = ${printTable(requiredOneofs)};

// Permissions have their own file, because errors name them and browsers do not load the rules.
export { permissions } from "./permissions.js";`);
}

function printOperatorRules(file, fieldRules, requiredOneofs, permissions) {
  file.print(`${header("options")}
import type { FieldRules } from "./rules.js";

/** The server's rules for the fields of messages of RPCs for operators, in the form of \`fieldRules\`. */
export const operatorFieldRules: Readonly<Record<string, Readonly<Record<string, FieldRules>>>> = ${printTable(fieldRules)};

/** The oneofs that must be set, by message type name. */
export const operatorRequiredOneofs: Readonly<Record<string, readonly string[]>> = ${printTable(requiredOneofs)};

/** The permission that an RPC for operators needs, by "<service type name>/<method name>". An RPC without one needs no token. */
export const operatorPermissions: Readonly<Record<string, string>> = ${printTable(permissions)};`);
}

function printPermissions(file, permissions) {
  file.print(`${header("options")}

/** The permission that an RPC needs, by "<service type name>/<method name>". */
export const permissions: Readonly<Record<string, string>> = ${printTable(permissions)};`);
}

function header(source) {
  return `// Generated by tools/protoc-gen-rules.mjs from the ${source} in proto/. Do not edit.`;
}

/** Compares types by their names. The types are sorted, because buf passes the files in any order. */
function byTypeName(a, b) {
  return a.typeName < b.typeName ? -1 : 1;
}

/** Converts all texts in JSON to numbers. Rules have only numbers, and ProtoJSON encodes 64-bit numbers as texts. */
function withNumbers(json) {
  if (typeof json === "string") return Number(json);
  if (Array.isArray(json)) return json.map(withNumbers);
  if (typeof json !== "object") return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withNumbers(value)]));
}

/** Prints a table with one field, oneof or RPC per line, so that a changed rule is one changed line. */
function printTable(object) {
  const lines = Object.entries(object).map(([name, value]) =>
    typeof value === "string" || Array.isArray(value)
      ? `  ${JSON.stringify(name)}: ${printValue(value)},\n`
      : `  ${JSON.stringify(name)}: {\n${Object.entries(value)
          .map(([key, rules]) => `    ${key}: ${printValue(rules)},\n`)
          .join("")}  },\n`,
  );
  return `{\n${lines.join("")}}`;
}

function printValue(value) {
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `${key}: ${printValue(member)}`)
    .join(", ")} }`;
}
