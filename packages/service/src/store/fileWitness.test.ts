import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type ChainReport, fingerprintOf, makeChainVerifier, readWitness } from "@hpc-billing/ledger"
import { Effect, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { nodeCryptography } from "../crypto/nodeCryptography.ts"
import { testingChain, testingChainKeys } from "../testing/testingChain.ts"
import { testingStorage } from "../testing/testingStorage.ts"
import { writeOne } from "../testing/writer.ts"
import type { StoreFunctions } from "./BillingStore.ts"
import { fileWitness } from "./fileWitness.ts"
import { openPglite } from "./pglite/openPglite.ts"
import { makeSqlStore } from "./sql/makeSqlStore.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hpc-billing-witness-"))
})
afterAll(() => rm(folder, { recursive: true }))

const verify = (store: StoreFunctions): Effect.Effect<ChainReport, unknown> =>
  Effect.gen(function* () {
    const text = yield* Effect.promise(() => readFile(join(folder, "witness", "a%2Fb.witness.jsonl"), "utf8"))
    const { witness, unreadableLines } = readWitness(text)
    expect(unreadableLines).toEqual([])
    const publicKey = nodeCryptography.ed25519PublicKey(testingChainKeys.signingSeed)
    const publicKeyFingerprint = fingerprintOf(nodeCryptography, publicKey)
    const verifier = makeChainVerifier(nodeCryptography, { chain: 1, origin: "testing/a/b", publicKey, publicKeyFingerprint, witness })
    yield* Stream.runForEach(store.auditRecords("a/b", 1n), (record) => Effect.sync(() => verifier.push(record)))
    return verifier.finish()
  })

describe("fileWitness", () => {
  it("shows a tail that was cut off with its head row", async () => {
    const reports = Effect.gen(function* () {
      const { sql } = yield* openPglite(yield* Effect.promise(testingStorage))
      const store = yield* makeSqlStore(sql, testingChain, fileWitness(join(folder, "witness")))
      for (const key of ["one", "two", "three"]) yield* writeOne(store, "a/b", key)
      const whole = yield* verify(store)
      yield* sql`DELETE FROM audit_record WHERE sequence = (SELECT max(sequence) FROM audit_record)`
      return [whole, yield* verify(store)] as const
    })
    const [whole, cut] = await Effect.runPromise(reports.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))
    expect(whole).toMatchObject({ ok: true, unsealedTail: 0n })
    expect(cut).toMatchObject({ ok: false, firstBad: { fault: "witness" } })
  })

  it("holds up no commit when it cannot be written", async () => {
    await writeFile(join(folder, "file"), "")
    const witness = fileWitness(join(folder, "file"))
    const error = await Effect.runPromise(Effect.flip(witness.record("t", "line\n")))
    expect(error.message).toMatch(/The witness file .* cannot be written .*: make its folder writable/)
    const written = Effect.gen(function* () {
      const { sql } = yield* openPglite(yield* Effect.promise(testingStorage))
      return yield* writeOne(yield* makeSqlStore(sql, testingChain, witness), "t", "key")
    })
    expect(await Effect.runPromise(written.pipe(Effect.scoped, Effect.provide(Reactivity.layer)))).toMatchObject({ replayed: false })
  })
})
