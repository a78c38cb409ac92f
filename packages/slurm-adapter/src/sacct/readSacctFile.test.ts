import { fileURLToPath } from "node:url"
import { Effect, Stream } from "effect"
import { expect, it } from "vitest"
import { readSacctFile } from "./readSacctFile.ts"

const path = fileURLToPath(new URL("../../fixtures/22.05-debian/settled/sacct/all.psv", import.meta.url))

it("streams a file in batches", async () => {
  const batches = await Effect.runPromise(Stream.runCollect(readSacctFile(path, { timeZone: "UTC" })))
  expect(batches.flat().length).toBe(102)
})

it("says of a file that is not there where it looked", async () => {
  const error = await Effect.runPromise(Effect.flip(Stream.runDrain(readSacctFile("no-such-file.psv"))))
  expect(error.message).toBe("no-such-file.psv: cannot be read (ENOENT); check the path and its permissions")
})
