import { create, type JsonObject, toJson } from "@bufbuild/protobuf";
import { type IDP, IDPSchema } from "../../../gen/zitadel/idp_pb.js";
import type { OwnerEvent } from "../store/event-recorder.js";
import { omitEmpty, renameFields } from "./event-payload.js";
import type { ChangedFields } from "./find-changed-fields.js";
import { createEncryptedSecret } from "./provider-events.js";

/** The number of the type JWT in events. OIDC is 0, which events leave out. */
const jwtType = 2;

/** The name of a field in events that differs from its JSON name. */
const fieldNames = { displayNameMapping: "idpDisplayNameMapping" };

/** Describes the two events of a new legacy IDP: one for the IDP and one for its config. */
export function describeLegacyAdd(
  idpId: string,
  general: { name: string; stylingType: number; autoRegister: boolean },
  config: IDP["config"],
  clientSecret = "",
): [idp: OwnerEvent, config: OwnerEvent] {
  const isJwt = config.case === "jwtConfig";
  const json = toJson(IDPSchema, create(IDPSchema, { config }), { enumAsInteger: true });
  const [fields = {}] = Object.values(json as Record<string, JsonObject>);
  return [
    [
      "idp.config.added",
      { idpConfigId: idpId, ...omitEmpty({ ...general, idpType: isJwt ? jwtType : 0 }) },
    ],
    [
      `idp.${isJwt ? "jwt" : "oidc"}.config.added`,
      {
        idpConfigId: idpId,
        ...renameFields(fields, fieldNames),
        ...describeSecret(clientSecret),
      },
    ],
  ];
}

/** Returns the payload of the event of a changed config: the changed fields. */
export function describeLegacyChange(
  idpId: string,
  fields: ChangedFields,
  clientSecret = "",
): JsonObject {
  return {
    idpConfigId: idpId,
    ...renameFields(fields as JsonObject, fieldNames),
    ...describeSecret(clientSecret),
  };
}

function describeSecret(clientSecret: string): JsonObject {
  return clientSecret === "" ? {} : { clientSecret: createEncryptedSecret(clientSecret.length) };
}
