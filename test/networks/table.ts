import type { Protocol } from "zitadel-idp";
import { alignColumns } from "../support/align-columns.js";
import { tokenKinds, wires } from "./cell-result.js";
import { impossibleCells } from "./impossible-cells.js";
import type { Row } from "./run-network.js";

/** Formats the table as text. */
export function formatTable(rows: readonly Row[]): string {
  return alignColumns([
    ["network", ...wires, "result"],
    ...rows.map((row) => [
      row.name.replaceAll("`", ""),
      ...wires.map((wire) => formatCell(row, wire)),
      row.status,
    ]),
  ]);
}

/** Formats the table for the docs, with a note for each reason why cells are not possible. */
export function formatMarkdown(rows: readonly Row[], versions: string): string {
  const columns = ["network", "between the client and the server", "setting of the client"];
  const lines = rows.map((row) => [
    row.name,
    row.setting,
    row.setups.join("; "),
    ...wires.map((wire) => formatCell(row, wire)),
  ]);
  const table = [
    [...columns, ...wires.map((wire) => `\`${wire}\``)],
    [...columns, ...wires].map(() => "---"),
    ...lines,
  ].map((cells) => `| ${cells.join(" | ")} |`);
  const notes = impossibleCells.map(
    ({ message, reason }, index) => `${index + 1}. ${reason} The error: “${message}”`,
  );
  return [...table, "", ...notes, "", versions].join("\n");
}

/** Formats the cells of one wire protocol: with one word if all kinds of tokens have the same result. */
function formatCell({ id, cells }: Row, wire: Protocol): string {
  const texts = tokenKinds.map((token) => {
    const cell = cells.find((each) => each.wire === wire && each.token === token);
    const note = impossibleCells.findIndex(
      (each) => each.network === id && each.wire === wire && each.tokens.includes(token),
    );
    const { status = "not run" } = cell ?? {};
    return status === "not possible" ? `${status} (${note + 1})` : status;
  });
  const [first = ""] = texts;
  return texts.every((text) => text === first)
    ? first
    : tokenKinds.map((token, index) => `${token}: ${texts[index]}`).join(", ");
}
