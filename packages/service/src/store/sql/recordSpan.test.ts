import { describe, expect, it } from "vitest"
import { recordSpan } from "./recordSpan.ts"

const open = 253_402_300_800

describe("recordSpan", () => {
  it.each([
    ["ran", 10, 20, 30, 20, 30],
    ["runs", 10, 20, null, 20, open],
    ["ran no second", 10, 20, 20, 20, 20],
    ["ended before it started, as clocks may have it", 10, 20, 15, 20, 20],
    ["never started", 10, null, 30, 30, 30],
    ["waits", 10, null, null, 10, open],
  ])("%s", (_name, submitSeconds, startSeconds, endSeconds, from, until) => {
    expect(recordSpan({ submitSeconds, startSeconds, endSeconds })).toEqual({ startSeconds: from, endSeconds: until })
  })
})
