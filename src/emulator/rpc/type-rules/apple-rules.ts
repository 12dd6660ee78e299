import { Code } from "@connectrpc/connect";
import { isEcPrivateKey } from "../../../formats/ec-private-key.js";
import { errorIds, pickErrorId } from "../../errors/error-ids.js";
import { serverError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { isAddRequest, readBytesField } from "../request-fields.js";
import { configOfType, currentConfig } from "./config-of-type.js";

/** The rules of Apple providers: the private key, and updates of the team id and the key id. */
export const appleRules: ProviderTypeRules = {
  check(_config, request, { owner }) {
    const key = readBytesField(request, "private_key");
    const isAdd = isAddRequest(request);
    if ((isAdd || key.length > 0) && !isEcPrivateKey(key)) {
      const id = pickErrorId(owner, isAdd ? errorIds("Fk38d") : errorIds("eWSDf"));
      throw serverError(Code.InvalidArgument, id, "Errors.IDP.InvalidPrivateKey");
    }
  },
  /** The server compares the team id and the key id with those of the add, so setting these values again changes nothing. */
  keepStoredValues({ next, stored }) {
    const updated = configOfType(next.config, "apple");
    const added = configOfType(stored.added.config, "apple");
    const { teamId, keyId } = configOfType(currentConfig(stored.view), "apple");
    updated.teamId = updated.teamId === added.teamId ? teamId : updated.teamId;
    updated.keyId = updated.keyId === added.keyId ? keyId : updated.keyId;
    return false;
  },
};
