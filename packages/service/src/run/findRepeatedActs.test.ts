import type { AuditEvent } from "@hpc-billing/ledger"
import { expect, it } from "vitest"
import { findRepeatedActs } from "./findRepeatedActs.ts"

const event = (actionId: string | undefined, action: string, subject: string, detail: AuditEvent["detail"] = {}): AuditEvent => ({
  action,
  ...(actionId === undefined ? {} : { actionId }),
  actor: "malee",
  requestId: "r",
  subject,
  detail,
})

const cases: readonly (readonly [what: string, log: readonly AuditEvent[], findings: readonly string[]])[] = [
  [
    "acts one after another, each with several events",
    [
      event(undefined, "book.publish", "site/1", { sha256: "a" }),
      event("4", "receipt.issue", "t/2026-07/kelp/1", { sha256: "a" }),
      event("4", "entry.post", "2026-07", { "e/1": "b", "e/2": "b" }),
      event("9", "entry.post", "2026-07", { "e/3": "b" }),
      event("10", "receipt.pay-part", "t/2026-07/kelp/1"),
      event("12", "receipt.pay-part", "t/2026-07/kelp/1"),
    ],
    [],
  ],
  [
    "an act whose records stand apart",
    [event("7", "a", "x"), event("8", "a", "y"), event("7", "a", "z")],
    ["act 7 stands again after act 8"],
  ],
  [
    "one entry posted by two acts",
    [event("1", "entry.post", "2026-07", { "e/1": "b" }), event("2", "entry.post", "2026-07", { "e/2": "c", "e/1": "b" })],
    ["entry e/1 is posted a second time"],
  ],
  [
    "a posting of an earlier release that stands twice",
    [event(undefined, "entry.post", "2026-06", { "e/9": "b" }), event(undefined, "entry.post", "2026-06", { "e/9": "b" })],
    ["entry e/9 is posted a second time"],
  ],
  [
    "a receipt issued twice, also with another digest",
    [event("1", "receipt.issue", "t/2026-07/kelp/1", { sha256: "a" }), event("2", "receipt.issue", "t/2026-07/kelp/1", { sha256: "b" })],
    ["receipt.issue of t/2026-07/kelp/1 stands a second time"],
  ],
  [
    "a version published twice",
    [event("1", "book.publish", "rate-book/2", { sha256: "a" }), event("2", "book.publish", "rate-book/2", { sha256: "a" })],
    ["book.publish of rate-book/2 stands a second time"],
  ],
  [
    "downloads may repeat",
    [event("1", "export.download", "2026-07-1", { sha256: "a" }), event("2", "export.download", "2026-07-1", { sha256: "a" })],
    [],
  ],
]

it.each(cases)("%s", (_what, log, findings) => {
  expect(log.flatMap(findRepeatedActs())).toEqual(findings)
})
