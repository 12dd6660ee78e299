// Writes docs/rpcs.md, the reference of all RPCs, from the protos: their comments, HTTP rules, permissions, validation rules and
// idempotency levels. Part of `npm run generate`; test/documents/reference.test.ts fails if the document is out of date.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createFileRegistry,
  fromBinary,
  getOption,
  hasOption,
  ScalarType,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { getComments } from "@bufbuild/protoplugin";
import { format, resolveConfig } from "prettier";
import { readDeclaredAnchors } from "./read-declared-anchors.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const document = join(root, "docs", "rpcs.md");

/** The services in the order of the document: the member of the client, the type name, the prefix of the routes. */
const services = [
  ["management", "zitadel.management.v1.ManagementService", "/management/v1"],
  ["admin", "zitadel.admin.v1.AdminService", "/admin/v1"],
];

/** The groups of RPCs in the order of the document. An RPC belongs to the first group whose pattern matches its name. */
const groups = [
  {
    title: "Read, delete and convert providers",
    about: "RPCs that work on providers of every type, and two that only some types have.",
    names: /^(?:ListProviders|GetProviderByID|DeleteProvider|Migrate\w+|Regenerate\w+)$/,
  },
  {
    title: "Add providers",
    about:
      "One RPC for each type. `resolveCreate` of `zitadel-idp/providers` finds the provider if the response of an Add is lost.",
    names: /^Add\w+Provider$/,
  },
  {
    title: "Change providers",
    about:
      "One RPC for each type. An update replaces all fields except the secret; `update` of `zitadel-idp/providers` keeps the fields that you do not name.",
    names: /^Update\w+Provider$/,
  },
  {
    title: "Login policy",
    about: "The sign-in settings of an owner, and the providers that its login page offers.",
    names: /LoginPolicy/,
  },
  {
    title: "Linked accounts",
    about: "The accounts at providers that users have linked.",
    names: /HumanLinked/,
  },
  {
    title: "Legacy IDPs",
    about:
      "RPCs of the legacy API, for providers that it created. The reads and updates of the groups above accept legacy IDPs too.",
    names: /./,
  },
];

const { NO_SIDE_EFFECTS, IDEMPOTENT } = MethodOptions_IdempotencyLevel;

/** The texts of the column "retried", by idempotency level. src/policy/retry/retry.ts follows the same levels. */
const retryTexts = { [NO_SIDE_EFFECTS]: "always", [IDEMPOTENT]: "always" };
const retriedIfUnsent = "if not begun";

const intro = `# RPCs

The 97 RPCs of the client, with their routes, permissions, limits and errors. \`npm run generate\` writes this document from the
protos.

- **Call.** \`createIdpClient\` has each RPC as a method, such as \`zitadel.management.addGoogleProvider(request)\`. The fields have
  the names of the tables below in TypeScript and in JSON.
- **Service.** The ManagementService works on one organization: the one of \`orgId\`, or else the caller's own. The AdminService
  works on the instance.
- **Route.** The method and path over the wire protocol \`json\`. Over \`grpc\` and \`grpc-web\` the path is
  \`/zitadel.management.v1.ManagementService/\` or \`/zitadel.admin.v1.AdminService/\`, and the name of the RPC.
- **Permission.** The permission that a role of the caller must grant. \`npx zitadel-idp whoami\` shows those of your user.
- **Retried.** \`always\`: the client retries the call after each temporary failure, because a second request has no further
  effect. \`if not begun\`: the client retries it only if ZITADEL certainly did not begin the first request.
- **Limits.** ZITADEL checks them after the token and the permission, and reports the first violation as \`invalid_argument\`
  without an id. Lengths of texts count Unicode code points.
- **Errors.** The ids that belong to the RPC. Every RPC can also fail with the ids of
  [errors of every call](errors.md#errors-of-every-call).
`;

/** Reads the protos and returns the document, formatted. `anchors` are the anchors of docs/errors.md that ids may link to. */
export async function formatRpcReference(anchors) {
  const schema = readSchema();
  const methods = services.flatMap(([member, typeName, prefix]) =>
    schema
      .getService(typeName)
      .methods.map((method) => readMethod(schema, { method, member, prefix })),
  );
  const sections = groups.map((group) => formatGroup(group, methods, anchors));
  const text = `${intro}\n${sections.join("\n")}\n${formatParts(schema, methods)}`;
  const style = await resolveConfig(document);
  return await format(text, { ...style, proseWrap: "always", printWidth: 128, filepath: document });
}

/** Compiles the protos with their comments. */
function readSchema() {
  const bin = join(root, "node_modules", ".bin");
  const bytes = execFileSync(join(bin, "buf"), ["build", "-o", "-#format=binpb"], {
    cwd: root,
    maxBuffer: 16 * 2 ** 20,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
}

/** Reads the facts of one RPC. */
function readMethod(schema, { method, member, prefix }) {
  const { pattern } = getOption(method, schema.getExtension("google.api.http"));
  const { permission } = getOption(method, schema.getExtension("zitadel.v1.auth_option"));
  const { about, errors } = splitComment(readComment(method));
  return {
    name: method.name,
    member,
    call: `zitadel.${member}.${method.localName}`,
    route: `${pattern.case.toUpperCase()} ${prefix}${pattern.value}`,
    permission,
    isLegacy: method.deprecated,
    retried: retryTexts[method.idempotency] ?? retriedIfUnsent,
    about,
    errors,
    request: method.input,
    fields: readFields(schema, method.input),
  };
}

/** Splits the comment of an RPC into its paragraphs and its list of errors. Leaves out the permission, which has its own column. */
function splitComment(comment) {
  const paragraphs = comment.split("\n\n").map((each) => each.trim());
  const isErrors = (each) => each.startsWith("Errors:");
  return {
    about: paragraphs.filter((each) => !isErrors(each) && !each.startsWith("Permission:")),
    errors: paragraphs.find(isErrors)?.replace(/^Errors:\n/, "") ?? "",
  };
}

/** Reads the fields of a request: name, type, limits, first sentence of the comment. */
function readFields(schema, message) {
  const rules = schema.getExtension("validate.rules");
  const isRequired = schema.getExtension("validate.required");
  return message.fields.map((field) => ({
    name: field.localName,
    type: formatType(field),
    limits: [
      hasOption(field, rules) && formatRules(getOption(field, rules).type),
      field.oneof && `one of \`${field.oneof.localName}\``,
      field.oneof && getOption(field.oneof, isRequired) && "required",
    ]
      .filter(Boolean)
      .join("; "),
    meaning: firstSentence(readComment(field)),
  }));
}

/** Formats the type of a field. Links messages and enums to their tables, and requests in requests to their RPCs. */
function formatType(field) {
  const part = field.message ?? field.enum;
  const type = part === undefined ? ScalarType[field.scalar].toLowerCase() : formatLink(part);
  return field.fieldKind === "list" ? `${type}[]` : type;
}

function formatLink({ name, typeName }) {
  const anchor = name.replace(/Request$/, "").toLowerCase();
  return typeName.startsWith("google.") ? name : `[${name}](#${anchor})`;
}

/** Formats the tables of the messages and enums that requests contain, in alphabetical order. */
function formatParts(schema, methods) {
  const requests = new Set(methods.map(({ request }) => request));
  const parts = new Map();
  const collect = (message) => {
    for (const field of message.fields) {
      const part = field.message ?? field.enum;
      if (part && !requests.has(part) && !part.typeName.startsWith("google.")) {
        // Both services have messages of the same name with the same fields.
        const isNew = !parts.has(part.name);
        parts.set(part.name, part);
        if (isNew && part.kind === "message") collect(part);
      }
    }
  };
  requests.forEach(collect);
  const sorted = [...parts.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const sections = sorted.map((part) => `### ${part.name}\n\n${formatPart(schema, part)}\n`);
  return `## Messages and enums in requests\n\n${sections.join("\n")}`;
}

function formatPart(schema, part) {
  const about = firstSentence(readComment(part));
  const table =
    part.kind === "enum" ? formatValues(part.values) : formatFields(readFields(schema, part));
  return `${about}\n\n${table}`;
}

function formatValues(values) {
  const rows = values.map(
    (value) => `| ${value.number} | \`${value.name}\` | ${firstSentence(readComment(value))} |`,
  );
  return `| number | name in JSON | meaning |\n| --- | --- | --- |\n${rows.join("\n")}`;
}

/** Formats the validation rules of a field or of an item. */
function formatRules({ case: kind, value }) {
  switch (kind) {
    case "string":
      return value.len
        ? `exactly ${value.len} characters`
        : formatRange(value.minLen, value.maxLen, "characters");
    case "bytes":
      return formatRange(value.minLen, value.maxLen, "bytes");
    case "repeated": {
      const items = formatRange(value.minItems, value.maxItems, "items");
      return value.items?.type.case ? `${items}, each ${formatRules(value.items.type)}` : items;
    }
    case "enum":
      return [
        value.definedOnly && "a defined value",
        value.notIn.length > 0 && `not ${value.notIn.join(", ")}`,
      ]
        .filter(Boolean)
        .join(", ");
    default:
      throw new Error(`docs/rpcs.md has no text for rules of the kind ${kind}: add one here`);
  }
}

function formatRange(min = 0n, max = 0n, unit = "") {
  return min > 0 ? `${min} to ${max} ${unit}` : `at most ${max} ${unit}`;
}

function formatGroup(group, methods, anchors) {
  const isMine = ({ name }) => groups.find(({ names }) => names.test(name)) === group;
  const unsorted = methods.filter(isMine);
  const rpcs = [...new Set(unsorted.map(({ name }) => name))];
  const mine = rpcs.flatMap((rpc) => unsorted.filter(({ name }) => name === rpc));
  const rows = mine.map(
    ({ name, member, route, permission, retried }) =>
      `| [${name}](#${name.toLowerCase()}) | ${member} | \`${route}\` | \`${permission}\` | ${retried} |`,
  );
  const sections = rpcs.map((rpc) => {
    const variants = mine.filter(({ name }) => name === rpc);
    return formatRpc(rpc, variants, anchors);
  });
  return `## ${group.title}

${group.about}

| RPC | service | route | permission | retried |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

${sections.join("\n")}`;
}

/** Formats the section of one RPC, which one or both services have. */
function formatRpc(name, variants, anchors) {
  const parts = variants.map(({ call, about, errors }) => {
    const list = errors === "" ? "" : `\n\n${linkIds(errors, anchors)}`;
    return `**\`${call}\`**\n\n${about.join("\n\n")}${list}`;
  });
  const tables = [...new Set(variants.map(({ fields }) => formatFields(fields)))];
  return `### ${name}\n\n${[...parts, ...tables].join("\n\n")}\n`;
}

function formatFields(fields) {
  if (fields.length === 0) {
    return "The request has no fields.";
  }
  const rows = fields.map(
    ({ name, type, limits, meaning }) => `| \`${name}\` | ${type} | ${limits} | ${meaning} |`,
  );
  return `| field | type | limits | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}`;
}

/** Links the ids that docs/errors.md has a section for. */
function linkIds(text, anchors) {
  return text.replaceAll(/\b[A-Z][A-Za-z]*-\w+/g, (id) =>
    anchors.has(id.toLowerCase()) ? `[${id}](errors.md#${id.toLowerCase()})` : id,
  );
}

function readComment(desc) {
  return (getComments(desc).leading ?? "").trim().replaceAll(/^ /gm, "");
}

function firstSentence(comment) {
  const text = comment.replaceAll("\n", " ");
  return /^.*?[.:](?= [A-Z`0-9]|$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const errors = readFileSync(join(root, "docs", "errors.md"), "utf8");
  writeFileSync(document, await formatRpcReference(readDeclaredAnchors(errors)));
}
