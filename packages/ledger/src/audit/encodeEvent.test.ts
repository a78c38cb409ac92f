import { expect, test } from "vitest"
import { eventOf } from "../../test/chains.ts"
import { utf8 } from "../bytes.ts"
import { auditTextCharactersMaximum, decodeEvent, encodeEvent, looksLikeEvent } from "./encodeEvent.ts"

test("what is written reads back the same and begins as events do", () => {
  const payload = encodeEvent(eventOf(1))
  expect(decodeEvent(payload)).toEqual(eventOf(1))
  expect(looksLikeEvent(payload)).toBe(true)
})

test("text that is too long is cut and says so, in every place, and no character is cut in half", () => {
  const most = "a".repeat(auditTextCharactersMaximum)
  const long = `${most}a`
  const cut = `${"a".repeat(auditTextCharactersMaximum - 1)}…`
  const written = (text: string) =>
    decodeEvent(encodeEvent({ action: text, actor: text, requestId: text, subject: text, detail: { [text]: text } }))
  const same = (text: string) => ({ action: text, actor: text, requestId: text, subject: text, detail: { [text]: text } })
  expect(written(most)).toEqual(same(most))
  expect(written(long)).toEqual(same(cut))
  expect(written(`${"a".repeat(auditTextCharactersMaximum - 2)}😀bb`)).toEqual(same(`${"a".repeat(auditTextCharactersMaximum - 2)}\ufffd…`))
  expect(written("half \ud83d")).toEqual(same("half \ufffd"))
})

test("two hundred details are written, more are an error", () => {
  const detailed = (count: number) => ({
    ...eventOf(1),
    detail: Object.fromEntries(Array.from({ length: count }, (_, at) => [`d${at}`, ""])),
  })
  expect(decodeEvent(encodeEvent(detailed(200)))).toEqual(detailed(200))
  expect(() => encodeEvent(detailed(201))).toThrow(/201 details, at most 200/)
})

test("what is no event reads as none", () => {
  const event = eventOf(1)
  const wrong: readonly unknown[] = [
    null,
    [],
    ...(["action", "actor", "requestId", "subject", "detail"] as const).flatMap((field) => {
      const { [field]: _, ...rest } = event
      return [rest, { ...event, [field]: field === "detail" ? { amount: 107 } : 7 }]
    }),
  ]
  for (const each of wrong) expect(decodeEvent(utf8(JSON.stringify(each))), JSON.stringify(each)).toBeNull()
  expect([decodeEvent(utf8("nonsense")), decodeEvent(Uint8Array.of(0xff))]).toEqual([null, null])
})

test("other payloads do not begin as events do", () => {
  const starts = ['{"note":"x"}', '{"action"', '{"actioN":"x"}', "", ' {"action":"x"}']
  expect(starts.map((start) => looksLikeEvent(utf8(start)))).toEqual([false, false, false, false, false])
})
