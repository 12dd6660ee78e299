import { expect, test } from "vitest";
import { useEmulator } from "../support/use-emulator.js";

const { client, emulator } = await useEmulator();

const maxInt64 = 2n ** 63n - 1n;
type Fields = [seconds: bigint, nanos: number];

/** Durations, and the fields that `durationpb.New(d.AsDuration())` of Go 1.26 makes of them. */
const verdicts: [given: Fields, stored: Fields][] = [
  [
    [9_223_372_036n, 854_775_807],
    [9_223_372_036n, 854_775_807],
  ],
  [
    [9_223_372_036n, 854_775_808],
    [9_223_372_036n, 854_775_807],
  ],
  [
    [-9_223_372_036n, -854_775_808],
    [-9_223_372_036n, -854_775_808],
  ],
  [
    [-9_223_372_036n, -854_775_809],
    [-9_223_372_036n, -854_775_808],
  ],
  [
    [315_576_000_000n, 0],
    [9_223_372_036n, 854_775_807],
  ],
  [
    [maxInt64, 0],
    [9_223_372_036n, 854_775_807],
  ],
  [
    [-maxInt64 - 1n, 0],
    [-9_223_372_036n, -854_775_808],
  ],
  [
    [9_223_372_037n, -999_999_999],
    [9_223_372_036n, 854_775_807],
  ],
  [
    [-9_223_372_037n, 999_999_999],
    [-9_223_372_036n, -854_775_808],
  ],
  [
    [1n, -1],
    [0n, 999_999_999],
  ],
  [
    [-1n, 1],
    [0n, -999_999_999],
  ],
  [
    [0n, 2_000_000_000],
    [2n, 0],
  ],
];

test.each(verdicts)("a lifetime of %s is stored as by Go", async (given, stored) => {
  const toFields = ([seconds, nanos]: Fields) => ({ seconds, nanos });
  await client.admin.updateLoginPolicy({ passwordCheckLifetime: toFields(given) });
  const { policy } = await client.admin.getLoginPolicy({});
  expect(policy?.passwordCheckLifetime).toMatchObject(toFields(stored));
});

test("the log has a note in place of a request without a JSON form", async () => {
  const passwordCheckLifetime = { seconds: maxInt64, nanos: 0 };
  await client.admin.updateLoginPolicy({ passwordCheckLifetime });
  expect(emulator.log.at(-1)).toMatchObject({
    rpc: "UpdateLoginPolicy",
    request: "[no JSON form: a value is out of range]",
  });
});
