// A buf plugin that generates providers as plain TypeScript from the requests that add them, so that the model of
// zitadel-idp/providers cannot drift from the protos. One file gets the types and the limits of the fields. Another file gets the
// help, which only forms and the schema for editors need.
import { getOption, hasOption, ScalarType, toJson } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { createEcmaScriptPlugin, getComments, runNodeJs } from "@bufbuild/protoplugin";
import { checkRewrites, toHelp } from "./provider-help.mjs";

runNodeJs(createEcmaScriptPlugin({ name: "protoc-gen-providers", version: "v1", generateTs }));

function generateTs(schema) {
  const model = readModel(schema);
  printProviders(schema.generateFile("providers.ts"), model);
  printDocs(schema.generateFile("provider-docs.ts"), model);
}

/** The messages that are a single value in plain TypeScript. */
const singleValues = {
  "google.protobuf.Duration": "duration",
  "zitadel.idp.v1.AzureADTenant": "tenant",
};

/** Reads the types of providers, the objects inside them, and the enums of their fields. */
function readModel(schema) {
  const extensions = schema.allFiles.flatMap((file) => file.extensions);
  const rules = extensions.find(({ typeName }) => typeName === "validate.rules");
  const types = schema.files.flatMap((file) => [...nestedTypes(file)]);
  const providers = readProviders(types);
  const requestFields = providers.flatMap(({ request }) => request.fields);
  const objectFields = requestFields.filter(({ message }) => message && !isSingleValue(message));
  const parts = [...new Set(objectFields.map(({ message }) => message))];
  const messages = [...parts, ...providers.map(({ request }) => request)];
  const enumFields = messages.flatMap(sortedFields).flatMap(([, field]) => field.enum ?? []);
  return {
    parts: parts.map((part) => ({
      name: part.name,
      doc: readComment(part),
      fields: readFields(part, rules),
      isInList: objectFields.some((field) => field.message === part && field.fieldKind === "list"),
    })),
    providers: providers.map(({ type, rpc, request, config }) => ({
      type,
      rpc,
      doc: readComment(config),
      fields: readFields(request, rules),
    })),
    choices: Object.fromEntries(enumFields.map((desc) => [desc.name, readChoices(desc)])),
  };
}

/** Finds the RPCs that add providers, with their requests and with the fields that hold the settings in a response. */
function readProviders(types) {
  const find = (typeName) => types.find((each) => each.typeName === typeName);
  const configs = new Map(
    find("zitadel.idp.v1.ProviderConfig").fields.map((field) => [field.message?.name, field]),
  );
  return find("zitadel.admin.v1.AdminService")
    .methods.flatMap((method) => {
      const rpc = /^Add(\w+)Provider$/.exec(method.name)?.[1];
      const config =
        configs.get(`${rpc}Config`) ?? configs.get(`${rpc?.replace("Generic", "")}Config`);
      return rpc && config ? [{ rpc, type: config.localName, request: method.input, config }] : [];
    })
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

/** Reads the fields of a message: name, type and limits, TypeScript type, comment. */
function readFields(message, rules) {
  return sortedFields(message).map(([name, field]) => {
    const spec = readSpec(field, rules);
    const doc = [readComment(field), notes[spec.kind]].filter((part) => part).join("\n");
    return { name, spec, doc, tsType: toTsType(field, spec) };
  });
}

/** Returns the fields of a message by their plain names. The members of a oneof are listed like other fields. */
function sortedFields(message) {
  const rank = ([name]) => (name === "name" ? -1 : name === "options" ? 1 : 0);
  return message.fields
    .map((field) => [field.localName === "providerOptions" ? "options" : field.localName, field])
    .toSorted((a, b) => rank(a) - rank(b));
}

/** Returns the `FieldSpec` of a field. */
function readSpec(field, rules) {
  const { item, ...limits } = readLimits(field, rules);
  const secret = field.proto.options?.debugRedact ? { secret: true } : {};
  if (field.message && isSingleValue(field.message)) {
    return { kind: singleValues[field.message.typeName] };
  }
  if (field.message) {
    const kind = field.fieldKind === "list" ? "objects" : "object";
    return { kind, of: field.message.name, ...limits };
  }
  if (field.enum) {
    return { kind: "choice", of: field.enum.name };
  }
  if (field.fieldKind === "list") {
    return { kind: "texts", ...limits, ...(Object.keys(item).length > 0 && { item }) };
  }
  switch (field.scalar) {
    case ScalarType.BOOL:
      return { kind: "flag" };
    case ScalarType.BYTES:
      return { kind: "bytes", ...limits, ...secret };
    case ScalarType.STRING:
      return { kind: "text", ...limits, ...secret };
    default:
      throw new Error(`${field} is of a kind that the plain model does not have yet`);
  }
}

/** Reads the limits of a field and, as `item`, of the values in its list. */
function readLimits(field, rules) {
  const rule = hasOption(field, rules) ? toJson(rules.message, getOption(field, rules)) : {};
  return {
    ...toLimits(rule.string ?? rule.bytes ?? rule.repeated),
    item: toLimits(rule.repeated?.items?.string),
  };
}

function toLimits({ len, minLen, minItems, maxLen, maxItems } = {}) {
  const limits = {
    min: Number(len ?? minLen ?? minItems ?? 0),
    max: Number(len ?? maxLen ?? maxItems ?? 0),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value > 0));
}

function toTsType(field, { kind, of }) {
  switch (kind) {
    case "flag":
      return "boolean";
    case "texts":
      return "readonly string[]";
    case "tenant":
      return '"common" | "organizations" | "consumers" | (string & {})';
    case "choice":
      return Object.keys(readChoices(field.enum))
        .map((name) => JSON.stringify(name))
        .join(" | ");
    case "object":
      return partInterface(of);
    case "objects":
      return `readonly ${partInterface(of)}[]`;
    default:
      return "string";
  }
}

/** Returns the numbers of an enum's values by their plain names, such as `not-allowed`. */
function readChoices(desc) {
  const prefix =
    desc.sharedPrefix?.toUpperCase() ?? commonPrefix(desc.values.map(({ name }) => name));
  return Object.fromEntries(
    desc.values.map(({ name, number }) => [
      name.slice(prefix.length).toLowerCase().replaceAll("_", "-"),
      number,
    ]),
  );
}

function commonPrefix(names) {
  let prefix = names[0] ?? "";
  while (!names.every((name) => name.startsWith(prefix))) {
    prefix = prefix.slice(0, -1);
  }
  return prefix.slice(0, prefix.lastIndexOf("_") + 1);
}

function isSingleValue({ typeName }) {
  return Object.hasOwn(singleValues, typeName);
}

function readComment(desc) {
  return (getComments(desc).leading ?? "").trim().replace(/^ /gm, "");
}

/** The sentences that the comments of fields of a kind end with. */
const notes = {
  bytes: "UTF-8 text, or `base64:` and other bytes in base64.",
  duration: "Seconds in ProtoJSON form, e.g. `10s` or `1.5s`.",
  tenant: "`common`, `organizations`, `consumers`, or the id or domain of one directory.",
};

function printProviders(file, { parts, providers, choices }) {
  file.print(`${header("the requests that add providers")}
/** The limits of a text, list or number. Lengths of texts count Unicode code points, lengths of bytes bytes. */
export interface FieldLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The type and limits of a field, in plain TypeScript and in the protos. */
export type FieldSpec = FieldLimits & { readonly secret?: true | undefined } & (
    | { readonly kind: "text" | "bytes" | "flag" | "duration" | "tenant" }
    | { readonly kind: "texts"; readonly item?: FieldLimits | undefined }
    | { readonly kind: "choice"; readonly of: string }
    | { readonly kind: "object" | "objects"; readonly of: string }
  );

/** Fields by their plain names. */
export type Fields = Readonly<Record<string, FieldSpec>>;
`);
  for (const { name, doc, fields, isInList } of parts) {
    const members = fields.map((field) => printMember(field, isInList)).join("");
    file.print(`${printDoc(doc, "")}export interface ${partInterface(name)} {\n${members}}\n`);
  }
  for (const { type, doc, fields } of providers) {
    file.print(`/** ${doc} An absent setting has its default. */
export interface ${providerInterface(type)} {
  readonly type: "${type}";
${fields.map((field) => printMember(field, false)).join("")}}
`);
  }
  file.print(`/** The settings of a provider, by its type. */
export interface SettingsByType {
${providers.map(({ type }) => `  readonly ${type}: ${providerInterface(type)};\n`).join("")}}

/** The numbers of enum values, by enum and name. */
export const choices: Readonly<Record<string, Readonly<Record<string, number>>>> = {
${Object.entries(choices)
  .map(([name, values]) => `  ${name}: ${printValue(values)},\n`)
  .join("")}};

/** The fields of the objects inside providers. */
export const parts: Readonly<Record<string, Fields>> = {
${parts.map(({ name, fields }) => `  ${name}: ${printSpecs(fields)},\n`).join("")}};

/** The names of the types of providers in RPCs. */
interface RpcNames {
${providers.map(({ type, rpc }) => `  readonly ${type}: "${rpc}";\n`).join("")}}

/** The types of providers, by the name of their config. Their RPCs are \`Add<rpc>Provider\` and \`Update<rpc>Provider\`. */
export const providerTypes: { readonly [Type in keyof SettingsByType]: { readonly rpc: RpcNames[Type]; readonly fields: Fields } } = {
${providers
  .map(({ type, rpc, fields }) => `  ${type}: { rpc: "${rpc}", fields: ${printSpecs(fields)} },\n`)
  .join("")}};`);
}

function printDocs(file, { parts, providers }) {
  const printFieldDocs = (name, fields) =>
    `  ${name}: {\n${fields
      .map((field) => `    ${field.name}: ${JSON.stringify(toHelp(field.doc))},\n`)
      .join("")}  },\n`;
  file.print(`${header("the comments")}
/** The help for fields, by type of provider or by object inside providers. */
export const fieldDocs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${parts.map(({ name, fields }) => printFieldDocs(name, fields)).join("")}${providers
    .map(({ type, fields }) => printFieldDocs(type, fields))
    .join("")}};

/** The documentation of the types. */
export const typeDocs: Readonly<Record<string, string>> = {
${providers.map(({ type, doc }) => `  ${type}: ${JSON.stringify(doc)},\n`).join("")}};`);
  checkRewrites();
}

function header(source) {
  return `// Generated by tools/protoc-gen-providers.mjs from ${source} in proto/. Do not edit.\n`;
}

/** Prints a member of an interface. Secrets are optional, because an update without them keeps them. */
function printMember({ name, spec: { min = 0, secret }, doc, tsType }, isRequired) {
  const isOptional = !isRequired && (min === 0 || secret);
  const member = isOptional ? `${name}?: ${tsType} | undefined` : `${name}: ${tsType}`;
  return `${printDoc(doc, "  ")}  readonly ${member};\n`;
}

function printDoc(text, indent) {
  if (text === "") {
    return "";
  }
  const lines = text.split("\n").map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${lines.join("\n")}\n${indent} */\n`;
}

function printSpecs(fields) {
  return `{\n${fields.map(({ name, spec }) => `    ${name}: ${printValue(spec)},\n`).join("")}  }`;
}

/** Prints a value as a literal in one line. */
function printValue(value) {
  if (typeof value !== "object") return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(
      ([key, member]) => `${/^\w+$/.test(key) ? key : JSON.stringify(key)}: ${printValue(member)}`,
    )
    .join(", ")} }`;
}

function partInterface(name) {
  return name === "Options" ? "ProviderOptions" : name;
}

function providerInterface(type) {
  const names = {
    azureAd: "AzureAD",
    github: "GitHub",
    githubEs: "GitHubEnterpriseServer",
    gitlab: "GitLab",
    gitlabSelfHosted: "GitLabSelfHosted",
    jwt: "JWT",
    ldap: "LDAP",
    oauth: "OAuth",
    oidc: "OIDC",
    saml: "SAML",
  };
  return `${names[type] ?? type.charAt(0).toUpperCase() + type.slice(1)}Settings`;
}
