import type { EmulatorSeed } from "../../emulator/index.js";
import type { YamlShape } from "../yaml/check-shape.js";

type Part<Name extends keyof EmulatorSeed> = NonNullable<EmulatorSeed[Name]>;
type Item<Name extends keyof EmulatorSeed> =
  Part<Name> extends readonly (infer Each)[] ? Each : never;

/** Returns the shape of an object. The type parameter makes the compiler check that no member is missing or unknown. */
function objectShape<T>(
  shapes: { readonly [Key in keyof Required<T>]: YamlShape },
  ...required: (keyof T & string)[]
): YamlShape {
  return { members: shapes, required };
}

/** The shape of a seed file. */
export const seedShape: YamlShape = objectShape<EmulatorSeed>({
  instance: objectShape<Part<"instance">>({
    id: "text",
    domain: "text",
    defaultLanguage: "text",
    allowPrivateUrls: "flag",
  }),
  organizations: {
    list: objectShape<Item<"organizations">>({ id: "text", name: "text", state: "text" }, "name"),
  },
  serviceUsers: {
    list: objectShape<Item<"serviceUsers">>(
      {
        id: "text",
        name: "text",
        organization: "text",
        state: "text",
        token: "text",
        clientSecret: "text",
        keys: {
          list: objectShape<{ id: string; publicKey: string }>(
            { id: "text", publicKey: "text" },
            "id",
            "publicKey",
          ),
        },
        instanceRoles: { list: "text" },
        organizationRoles: { each: { list: "text" } },
      },
      "name",
      "organization",
    ),
  },
  humans: {
    list: objectShape<Item<"humans">>(
      {
        id: "text",
        name: "text",
        organization: "text",
        links: {
          list: objectShape<{ idp: string; userId: string; userName: string }>(
            { idp: "text", userId: "text", userName: "text" },
            "idp",
            "userId",
            "userName",
          ),
        },
      },
      "name",
      "organization",
    ),
  },
  providers: {
    list: objectShape<Item<"providers">>(
      { id: "text", owner: "text", rpc: "text", request: "any" },
      "owner",
      "rpc",
      "request",
    ),
  },
});
