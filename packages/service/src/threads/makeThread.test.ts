import { Effect } from "effect"
import { expect, test } from "vitest"
import type { DraftQuestion } from "../http/draft/Draft.ts"
import { makeThread } from "./makeThread.ts"

const file = new URL("../http/draft/draftWorker.ts", import.meta.url)
const question: DraftQuestion = { kind: "rates", text: "a: [" }
const limits = { file, timeLimitSeconds: 60, heapMebibytesMaximum: 256 }

test("questions that are asked at once are each answered", async () => {
  const ask = makeThread<DraftQuestion, { readonly problems: readonly object[] }>(limits)
  const texts = ["a: [", "a: 1\na: 2\na: 3", "b: ]"]
  const answers = await Effect.runPromise(Effect.forEach(texts, (text) => ask({ kind: "rates", text }), { concurrency: "unbounded" }))
  expect(answers.map(({ problems }) => problems.length)).toEqual([1, 2, 1])
})

test("a question that takes longer than the limit ends its thread", async () => {
  const ask = makeThread(limits)
  const hurried = makeThread({ ...limits, timeLimitSeconds: 0.001 })
  expect(await Effect.runPromise(Effect.flip(hurried(question)))).toMatchObject({ reason: "timed-out" })
  expect(await Effect.runPromise(ask(question))).toMatchObject({ book: null })
})

test("a thread that ends by itself is an error, and says how", async () => {
  const ask = makeThread({ ...limits, file: new URL("./nowhere.ts", import.meta.url) })
  expect(await Effect.runPromise(Effect.flip(ask(question)))).toMatchObject({ reason: "ended" })
})
