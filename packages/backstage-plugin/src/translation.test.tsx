import { sentences } from "@hpc-billing/service/api"
import { expect, it } from "vitest"
import { sentenceWords } from "./parts/sentenceWords.ts"
import { hpcBillingTranslationRef } from "./translation.ts"
import { thai } from "./translations/th.ts"

const english = (hpcBillingTranslationRef as unknown as { getDefaultMessages(): Readonly<Record<string, string>> }).getDefaultMessages()
const blanks = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))].sort()

it("Thai says everything that English says, with the same blanks", () => {
  expect(Object.keys(thai).sort()).toEqual(Object.keys(english).sort())
  for (const [key, text] of Object.entries(thai)) expect([key, blanks(text)]).toEqual([key, blanks(english[key] ?? "")])
})

it("every sentence of the service has words in both languages, with what it names", () => {
  for (const [code, text] of Object.entries(sentences)) {
    const named = [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()
    expect([code, blanks(english[`say.${code}`] ?? "")]).toEqual([code, named])
    expect([code, blanks((thai as Readonly<Record<string, string>>)[`say.${code}`] ?? "")]).toEqual([code, named])
    expect((thai as Readonly<Record<string, string>>)[`say.${code}`]).toMatch(code === "invalid-request-detail" ? /./ : /[ก-๙]/)
  }
})

const readerOf = (messages: Readonly<Record<string, string>>) => ({
  t: ((key: string, values: Readonly<Record<string, string>>) =>
    (messages[key] ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "")) as never,
  monthText: (month: string) => `month ${month}`,
  dayText: (date: string) => `day ${date}`,
})

it.each([
  ["close-unposted", { month: "2026-10", entries: "3" }, "month 2026-10 has 3 entries that are not posted: post its journal first."],
  ["step-ingested", { until: "2026-10-31 23:59" }, "Data until day 2026-10-31 23:59"],
  ["blocker-unmapped", { account: "phys-10" }, "Account phys-10 leads to no payer: add a mapping to the payer book."],
  ["newer-than-this-portal", { month: "2026-10" }, "the service's own text"],
])("says %s as its reader writes months and days", (code, params, said) =>
  expect(
    sentenceWords({ code, params: params as Readonly<Record<string, string>>, text: "the service's own text" }, readerOf(english)),
  ).toBe(said),
)

it.each([
  ["sbatch-time", { option: "time", text: "8 hours" }, "อ่าน --time=8 hours ไม่ได้ โปรดเขียนเวลา เช่น 2:30:00 หรือ 1-12"],
  ["book-unknown-tier-near", { tier: "Gvo", near: "Gov" }, 'ยังไม่ได้ประกาศกลุ่มอัตรา "Gvo" หมายถึง "Gov" หรือไม่'],
  ["tie-draft", { receipt: "mu/1" }, "ใบเสร็จ mu/1 ยังเป็นร่าง โปรดออกใบเสร็จ หรือร่างของเดือนใหม่โดยไม่มีใบนี้"],
])("says the finding %s in Thai", (code, params, said) =>
  expect(sentenceWords({ code, params: params as Readonly<Record<string, string>>, text: "English" }, readerOf(thai))).toBe(said),
)
