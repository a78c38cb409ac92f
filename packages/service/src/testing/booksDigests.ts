import { Effect } from "effect"
import { sha256Hex } from "../crypto/nodeCryptography.ts"
import { exportSubject } from "../run/exportMonth.ts"
import { receiptSubject } from "../run/keepPrint.ts"
import { BillingStore } from "../store/index.ts"

/** The SHA-256 of all that is written once: receipts as issued, documents, and the files of receipts and exports. */
export const booksDigests = Effect.fnUntraced(function* (tenant: string) {
  const store = yield* BillingStore
  const digests: Record<string, string> = {}
  const subjects = (yield* store.exportRuns(tenant, null)).map(({ id }) => exportSubject(id))
  for (const { id } of (yield* store.listReceipts(tenant, {}, { cursor: null, limit: 500 })).rows) {
    subjects.push(receiptSubject(id))
    const issued = (yield* store.receipt(tenant, id))?.issuedBytes
    if (issued != null) digests[`issued ${id}`] = sha256Hex(issued)
  }
  for (const subject of subjects) {
    for (const { name } of yield* store.files(tenant, subject)) {
      const file = yield* store.file(tenant, subject, name)
      if (file !== null) digests[`file ${subject}/${name}`] = sha256Hex(file.bytes)
    }
  }
  for (const kind of (yield* store.head(tenant)).documentKinds("")) {
    for (const { version } of yield* store.documents(tenant, kind)) {
      const document = yield* store.document(tenant, kind, version)
      if (document !== null) digests[`document ${kind}/${version}`] = sha256Hex(document.bytes)
    }
  }
  return digests
})
