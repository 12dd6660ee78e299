import { readControl } from "../control/control-client.js";

/** Returns the path of a snapshot in the control API. */
export function toSnapshotPath(name: string): string {
  return `snapshots/${encodeURIComponent(name)}`;
}

/** Downloads a snapshot as a file of JSON. */
export async function downloadSnapshot(name: string): Promise<void> {
  const snapshot = await readControl<unknown>(toSnapshotPath(name));
  const file = new Blob([JSON.stringify(snapshot)], { type: "application/json" });
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Reads a downloaded snapshot. The name of the file becomes the name of the snapshot. */
export async function readSnapshotUpload(file: File): Promise<{ name: string; body: unknown }> {
  try {
    const body: unknown = JSON.parse(await file.text());
    return { name: file.name.replace(/\.json$/, ""), body };
  } catch {
    throw new Error(`${file.name} is not a snapshot: it is not JSON.`);
  }
}
