import type { EmulatorSeed } from "../../emulator/index.js";
import type { YamlShape } from "../yaml/check-shape.js";

type Part<Name extends keyof EmulatorSeed> = NonNullable<EmulatorSeed[Name]>;
type Item<Name extends keyof EmulatorSeed> =
  Part<Name> extends readonly (infer Each)[] ? Each : never;

/** Creates the shape of an object of type `T`. The compiler checks that no member is missing or unknown. */
function createObjectShape<T>(
  shapes: { readonly [Key in keyof Required<T>]: YamlShape },
  ...required: (keyof T & string)[]
): YamlShape {
  return { members: shapes, required };
}

/** The shape of a seed file. */
export const seedShape: YamlShape = createObjectShape<EmulatorSeed>({
  instance: createObjectShape<Part<"instance">>({
    id: "text",
    domain: "text",
    defaultLanguage: "text",
    allowPrivateUrls: "flag",
  }),
  organizations: {
    list: createObjectShape<Item<"organizations">>(
      { id: "text", name: "text", state: "text" },
      "name",
    ),
  },
  serviceUsers: {
    list: createObjectShape<Item<"serviceUsers">>(
      {
        id: "text",
        name: "text",
        organization: "text",
        state: "text",
        token: "text",
        clientSecret: "text",
        keys: {
          list: createObjectShape<{ id: string; publicKey: string }>(
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
    list: createObjectShape<Item<"humans">>(
      {
        id: "text",
        name: "text",
        organization: "text",
        links: {
          list: createObjectShape<{ idp: string; userId: string; userName: string }>(
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
    list: createObjectShape<Item<"providers">>(
      { id: "text", owner: "text", rpc: "text", request: "any" },
      "owner",
      "rpc",
      "request",
    ),
  },
});
