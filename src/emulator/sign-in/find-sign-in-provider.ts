import { Code } from "@connectrpc/connect";
import { ProviderType } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { createServerError } from "../errors/server-error.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { ProviderWriteModel } from "../store/provider-write-model.js";

/** A provider with the values that sign-ins use: those of its write model. */
export interface SignInProvider {
  readonly type: ProviderType;
  readonly writeModel: ProviderWriteModel;
}

const removedIds: ErrorIds = ["COMMAND-xw921211", "COMMAND-xw921111"];
const notExisting = "Errors.IDPConfig.NotExisting";

/**
 * Returns the provider with an id, of any owner, active or not.
 *
 * Throws the server's error for a removed provider, an unknown id, and a provider of the type ZITADEL, which sign-ins do not know.
 */
export function findSignInProvider(
  { instance, organizations }: Pick<EmulatorState, "instance" | "organizations">,
  id: string,
): SignInProvider {
  for (const owner of [instance, ...organizations.values()]) {
    if (owner.removedProviders.has(id)) {
      throw createServerError(Code.Internal, pickErrorId(owner, removedIds), notExisting);
    }
    const type = owner.providers.get(id)?.view.type ?? ProviderType.UNSPECIFIED;
    const writeModel = owner.writeModels.get(id)?.get(type);
    if (writeModel !== undefined && type !== ProviderType.ZITADEL) {
      return { type, writeModel };
    }
  }
  throw createServerError(Code.FailedPrecondition, "COMMAND-as02jin", notExisting);
}
