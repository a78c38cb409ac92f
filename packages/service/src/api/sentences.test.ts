import { expect, test } from "vitest"
import { say, sentences } from "./sentences.ts"

test("a sentence is filled with its parameters, each as often as it stands", () => {
  const text = '2026-10 has 3 entries that are not posted: run "hpc-billing journal post --month 2026-10" first.'
  expect(say("close-unposted", { month: "2026-10", entries: "3" })).toEqual({
    code: "close-unposted",
    params: { month: "2026-10", entries: "3" },
    text,
  })
  expect(say("job-unknown")).toEqual({ code: "job-unknown", params: {}, text: "There is no such job, or it is not yours." })
})

test("what a parameter says is never filled again", () => {
  expect(say("not-found-detail", { detail: "{detail} {month}" }).text).toBe("{detail} {month}")
})

test("codes are words with dashes, and a text of its own rule is named as one", () => {
  for (const [code, text] of Object.entries(sentences)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(text === "{detail}").toBe(code.endsWith("-detail") && code !== "invalid-request-detail")
  }
})
