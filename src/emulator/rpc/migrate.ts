import type { Message } from "@bufbuild/protobuf";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { ProviderType } from "../../../gen/zitadel/idp_pb.js";
import { addedDetails, touch } from "../details.js";
import { andThen, type Eventually } from "../eventually.js";
import { rawProblem } from "../problem.js";
import { recordOne } from "../state.js";
import { type Context, type Fields, type Ids, ids } from "./context.js";
import { type Kind, kinds } from "./kinds.js";
import { textOf } from "./request.js";
import { cloneDraft, missing, readDraft } from "./templates.js";

/**
 * The types that a Generic OIDC provider can migrate to, by the field of the request, with the id of the error for a missing
 * provider.
 */
const targets: Readonly<Record<string, { kind: Kind; missing: Ids }>> = {
  azure: { kind: kindOf(ProviderType.AZURE_AD), missing: ids("Dg29201", "Dg239201") },
  google: { kind: kindOf(ProviderType.GOOGLE), missing: ids("Dg29202", "x09981") },
};

/** Migrates a Generic OIDC provider to another type, with all the fields of an add of that type. The provider keeps its id. */
export function migrate(request: Message, context: Context): Eventually<Fields> {
  const { input, owner, state } = context;
  const fields = reflect(input, request);
  const chosen = fields.oneofs
    .map((oneof) => fields.oneofCase(oneof))
    .find((field) => field !== undefined);
  const target = chosen && targets[chosen.name];
  const template: unknown = chosen && fields.get(chosen);
  if (target === undefined || !isReflectMessage(template)) {
    // The server panics on a missing template, and returns this error without a translation.
    throw rawProblem(Code.Internal, "RECOVER", "Errors.Internal");
  }
  return andThen(readDraft(target.kind, target.kind.add, template, context), (draft) => {
    const stored = owner.providers.get(textOf(fields, "id"));
    if (stored?.view.type !== ProviderType.OIDC) {
      throw missing(owner, target.missing);
    }
    const event = recordOne(owner, state.clock);
    touch(stored.view.details, event);
    Object.assign(stored.view, { ...draft, type: target.kind.type });
    stored.added = { ...cloneDraft(draft), event };
    return { details: addedDetails(owner, event) };
  });
}

function kindOf(type: ProviderType): Kind {
  const kind = kinds.find((each) => each.type === type);
  if (kind === undefined) {
    throw new Error(`no kind of type ${type}`);
  }
  return kind;
}
