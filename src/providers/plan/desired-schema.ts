import { fieldDocs, typeDocs } from "../../../gen/provider-docs.js";
import {
  choices,
  type Fields,
  type FieldSpec,
  parts,
  providerTypes,
} from "../../../gen/providers.js";
import { contentFieldNames } from "../model/field-specs.js";
import { legacyTypes } from "../model/legacy-types.js";
import { secretDateFields } from "./desired/secret-dates.js";

type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a text with a variable, whose content and length are not known yet. */
const withVariable: JsonSchema = { type: "string", pattern: "\\$\\{" };

const oneVariable: JsonSchema = { type: "string", pattern: "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$" };

const fileReference: JsonSchema = {
  type: "object",
  description: "The content of a file. The path is relative to the folder of this file.",
  properties: { file: { type: "string", minLength: 1 } },
  required: ["file"],
  additionalProperties: false,
};

/** Creates the JSON Schema of the file that the command line reads: a `DesiredState` with references instead of secrets. */
export function createDesiredSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "The desired identity providers of ZITADEL",
    description:
      "Any text may contain ${NAME} for an environment variable; write $${ for a literal ${. A secret is ${NAME} or { file: path }.",
    type: "object",
    properties: {
      $schema: { type: "string" },
      $leftOut: {
        type: "array",
        description: "The legacy IDPs that export left out. plan and apply ignore this field.",
      },
      instance: {
        description: "The providers of the instance.",
        allOf: [
          { $ref: "#/definitions/providers" },
          // Only an organization can name a provider of the instance.
          { properties: { providers: { items: { not: { required: ["instance"] } } } } },
        ],
      },
      organization: {
        $ref: "#/definitions/providers",
        description: "The providers of the organization of the connection (--org).",
      },
      organizations: {
        type: "object",
        description: "The providers of organizations, by the id of the organization.",
        additionalProperties: { $ref: "#/definitions/providers" },
      },
    },
    additionalProperties: false,
    definitions: {
      providers: providersSchema,
      absent: absentSchema,
      instanceProvider: instanceProviderSchema,
      ...Object.fromEntries(
        Object.entries(parts).map(([name, fields]) => [name, createPartSchema(name, fields)]),
      ),
      ...Object.fromEntries(
        Object.entries(providerTypes).map(([type, { fields }]) => [
          type,
          createProviderSchema(type, fields),
        ]),
      ),
    },
  };
}

const idSchema: JsonSchema = {
  type: "string",
  minLength: 1,
  description:
    "The id of the provider, in quotes. Needed if several providers have the same name, or if a rename is not clear.",
};

const providersSchema: JsonSchema = {
  type: "object",
  properties: {
    providers: {
      type: "array",
      description: "Providers that exist but are not listed stay as they are.",
      items: {
        // Select the schema by `absent`, `instance` or `type`, so that an editor reports the errors of the intended one.
        ...createConditionalSchema({ type: "object", required: ["absent"] }, "absent"),
        else: {
          ...createConditionalSchema(
            { type: "object", required: ["instance"] },
            "instanceProvider",
          ),
          else: {
            type: "object",
            properties: {
              type: {
                enum: Object.keys(providerTypes),
                description: "The type of the provider. It never changes.",
              },
            },
            required: ["type"],
            allOf: Object.keys(providerTypes).map((type) =>
              createConditionalSchema(
                { type: "object", properties: { type: { const: type } }, required: ["type"] },
                type,
              ),
            ),
          },
        },
      },
    },
    prune: {
      type: "boolean",
      default: false,
      description:
        "Delete the providers that an earlier apply with the same state file added and that are no longer listed.",
    },
    createLoginPolicy: {
      type: "boolean",
      default: false,
      description:
        "Create a login policy for an organization that has none of its own, as a copy of the instance's, if a provider is to be activated.",
    },
  },
  required: ["providers"],
  additionalProperties: false,
};

const absentSchema: JsonSchema = {
  type: "object",
  description: "A provider that must not exist. It is deleted even if users are linked to it.",
  properties: {
    absent: { const: true },
    id: idSchema,
    type: { enum: [...Object.keys(providerTypes), ...legacyTypes] },
    name: { type: "string", minLength: 1 },
  },
  required: ["absent"],
  anyOf: [{ required: ["id"] }, { required: ["type", "name"] }],
  additionalProperties: false,
};

const instanceProviderSchema: JsonSchema = {
  type: "object",
  description:
    "A provider of the instance that is active on the login page of the organization (active: true), or inactive (active: false).",
  properties: {
    instance: { const: true },
    id: idSchema,
    name: { type: "string", minLength: 1 },
    active: { type: "boolean", description: "True to activate the provider on the login page." },
  },
  required: ["instance", "active"],
  anyOf: [{ required: ["id"] }, { required: ["name"] }],
  additionalProperties: false,
};

/** Creates a schema that applies a definition if a condition holds. */
function createConditionalSchema(condition: JsonSchema, definition: string): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- the word is JSON Schema's, and nobody awaits a schema
  return { if: condition, then: { $ref: `#/definitions/${definition}` } };
}

function createProviderSchema(type: string, fields: Fields): JsonSchema {
  const required = Object.entries(fields).flatMap(([name, { min = 0, secret }]) =>
    min > 0 && !secret ? [name] : [],
  );
  return {
    type: "object",
    description: typeDocs[type],
    properties: {
      type: { const: type },
      id: idSchema,
      active: {
        type: "boolean",
        description:
          "True to activate the provider on the login page. If left out, this stays as it is.",
      },
      ...createPropertySchemas(type, fields),
      ...createSecretDateSchemas(fields),
    },
    required: ["type", ...required],
    ...(type === "saml" && {
      oneOf: [{ required: ["metadataXml"] }, { required: ["metadataUrl"] }],
    }),
    additionalProperties: false,
  };
}

/** Creates the schemas of the fields with the dates of secrets. */
function createSecretDateSchemas(fields: Fields): JsonSchema {
  return Object.fromEntries(
    Object.entries(secretDateFields)
      .filter(([secret]) => secret in fields)
      .map(([secret, name]) => [name, createSecretDateSchema(secret)]),
  );
}

function createSecretDateSchema(secret: string): JsonSchema {
  return {
    description: `The date at which ${secret} expires, such as 2027-03-01. It is not sent to ZITADEL: apply keeps it in the state file, plan warns from 30 days before, and zitadel-idp expiry lists it.`,
    anyOf: [
      {
        type: "string",
        pattern:
          "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d))?$",
      },
      withVariable,
    ],
  };
}

function createPartSchema(name: string, fields: Fields): JsonSchema {
  const required = Object.entries(fields).flatMap(([field, { min = 0 }]) =>
    min > 0 ? [field] : [],
  );
  return {
    type: "object",
    properties: createPropertySchemas(name, fields),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function createPropertySchemas(owner: string, fields: Fields): JsonSchema {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => {
      const description = fieldDocs[owner]?.[name];
      return [
        name,
        { ...(description !== undefined && { description }), ...createValueSchema(name, spec) },
      ];
    }),
  );
}

function createValueSchema(name: string, spec: FieldSpec): JsonSchema {
  const { min, max } = spec;
  if (spec.secret) {
    return { anyOf: [oneVariable, fileReference] };
  }
  switch (spec.kind) {
    case "flag":
      return { type: "boolean", default: false };
    case "choice":
      return { anyOf: [{ enum: Object.keys(choices[spec.of] ?? {}) }, withVariable] };
    case "duration":
      return { anyOf: [{ type: "string", pattern: "^\\d{1,12}(\\.\\d{1,9})?s$" }, withVariable] };
    case "tenant":
      return { type: "string", examples: ["common", "organizations", "consumers"] };
    case "object":
      return { $ref: `#/definitions/${spec.of}` };
    case "objects":
      return { ...createListSchema(min, max), items: { $ref: `#/definitions/${spec.of}` } };
    case "texts":
      return {
        ...createListSchema(min, max),
        items: createTextSchema(spec.item?.min, spec.item?.max),
      };
    case "bytes":
      // The limits of this field count bytes, which JSON Schema cannot express.
      return {
        anyOf: [{ type: "string" }, ...(contentFieldNames.has(name) ? [fileReference] : [])],
      };
    default:
      return createTextSchema(min, max);
  }
}

function createListSchema(min: number | undefined, max: number | undefined): JsonSchema {
  return {
    type: "array",
    ...(min !== undefined && { minItems: min }),
    ...(max !== undefined && { maxItems: max }),
  };
}

function createTextSchema(min: number | undefined, max: number | undefined): JsonSchema {
  const text = {
    type: "string",
    ...(min !== undefined && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
  };
  return min === undefined && max === undefined ? text : { anyOf: [text, withVariable] };
}
