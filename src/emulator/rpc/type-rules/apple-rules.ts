import { Code } from "@connectrpc/connect";
import { isEcPrivateKey } from "../../../formats/ec-private-key.js";
import { errorIds, pickErrorId } from "../../errors/error-ids.js";
import { createServerError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { isAddRequest, readBytesField } from "../request-fields.js";

/** The rules of Apple providers: the private key, and the team id and key id, which updates compare with the ids of the add. */
export const appleRules: ProviderTypeRules = {
  check(_config, request, { owner }) {
    const key = readBytesField(request, "private_key");
    const isAdd = isAddRequest(request);
    if ((isAdd || key.length > 0) && !isEcPrivateKey(key)) {
      const id = pickErrorId(owner, isAdd ? errorIds("Fk38d") : errorIds("eWSDf"));
      throw createServerError(Code.InvalidArgument, id, "Errors.IDP.InvalidPrivateKey");
    }
  },
  unknownChanges: ["teamId", "keyId"],
};
