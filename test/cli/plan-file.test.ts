import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { twoOrganizations, useCli } from "../support/use-cli.js";
import { googleFile } from "./google-file.js";

const { write, zitadel } = await useCli(twoOrganizations);

describe("the file of --out", () => {
  const own = "# mine\n";

  test.each([
    ["export", (out: string) => ["export", "--out", out]],
    ["plan", (out: string) => ["plan", write(googleFile), "-q", "--out", out]],
  ])("of %s is not replaced without --force or a confirmation", async (name, args) => {
    const out = write(own, "out");
    expect(await zitadel(args(out))).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `error: --out: ${out} already exists with different content: pass --force to overwrite it, or choose another name\n`,
    });
    const no = await zitadel(args(out), { isTerminal: true, stdin: "\n" });
    expect(no.stderr).toContain(
      `${out} already exists with different content. Overwrite it? [y/N] `,
    );
    expect([no.status, readFileSync(out, "utf8")]).toEqual([1, own]);

    const done = name === "plan" ? 2 : 0;
    const yes = await zitadel(args(out), { isTerminal: true, stdin: "y\n" });
    expect(yes.status).toBe(done);
    const written = readFileSync(out, "utf8");
    expect(written).not.toBe(own);
    // A file with the same content needs no confirmation.
    expect((await zitadel(args(out))).status).toBe(done);
    write(own, "out");
    expect((await zitadel([...args(out), "--force"])).status).toBe(done);
    expect(readFileSync(out, "utf8")).toBe(written);
  });

  test("may be an empty file, and a plan may be replaced by the next one", async () => {
    const out = write("", "out");
    expect((await zitadel(["plan", write(googleFile), "-q", "--out", out])).status).toBe(2);
    const other = write(googleFile.replace("clientId: g", "clientId: other"));
    expect((await zitadel(["plan", other, "-q", "--out", out])).status).toBe(2);
    expect(readFileSync(out, "utf8")).toContain("other");
    // An export does not replace a plan.
    expect((await zitadel(["export", "--out", out])).status).toBe(1);
  });
});
