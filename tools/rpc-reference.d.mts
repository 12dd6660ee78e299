/** Reads the protos and returns docs/rpcs.md, formatted. `anchors` are the anchors of docs/errors.md that ids may link to. */
export function formatRpcReference(anchors: ReadonlySet<string>): Promise<string>;
