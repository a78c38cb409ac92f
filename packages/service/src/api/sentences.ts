import { type Blanks, type BlanksOf, fillBlanks, rateProblemTexts, sbatchProblemTexts } from "@hpc-billing/core"
import { Schema } from "effect"

/**
 * Every sentence that the service says of itself, by its code: refusals and problems, the steps of a month and what blocks them,
 * what billing leaves out. A code and its parameters never change their meaning, so that a portal says them in its reader's
 * language; the English text here is what a reader without a translation sees. Codes that end in `-detail` carry a text that
 * only its own rule can write.
 */
export const sentences = {
  // before any handler
  "not-signed-in": "This needs a sign-in: sign in and ask again.",
  "no-sign-in": "The host gave no way to sign in.",
  forbidden: "None of your roles includes this. Ask an administrator for the role that does.",
  "forbidden-metrics": "None of your roles includes the metrics.",
  "unknown-tenant": "There is no such tenant, or it is not yours.",
  "unknown-route": "No route has this path and method: see /openapi.json.",
  "invalid-request": "The request cannot be read.",
  "invalid-request-detail": "{place}: {detail}",
  "body-too-large": "The body is larger than any request of this service: send less.",
  "body-too-deep": "The body nests deeper than {maximum} levels: send what this route describes.",
  "body-too-many-values": "The body has more than {maximum} values: send what this route describes.",
  "unsupported-media-type": "The body has a media type that this route does not read: send application/json.",
  "too-many-requests": "There were too many requests: wait {seconds} seconds and try again.",
  "foreign-origin": "Another site sent this request: it is not carried out.",
  "host-failed": "The host failed: the operator finds the cause in the log.",
  unexpected: "The operator finds the cause in the log under the request id.",

  // the store
  "store-unavailable": "The store does not answer. Try again; the operator finds the cause in the log under the request id.",
  "store-contention": "Others write at the same time without a pause: try again.",
  "store-corrupt": "What is stored contradicts itself: an auditor must verify the audit log before anything else is written.",
  "store-conflict-detail": "{detail}",
  "store-month-closed": "Month {month} is closed, or nobody opened it: post into an open month.",
  "invalid-page": "That page is of another list, or is too large: start the list again.",
  "idempotency-conflict": "This was sent before with other content: send it as a new act.",

  // documents
  "pdf-failed-detail": "{detail}",
  "pdf-unavailable": "The document could not be rendered just now: try again.",

  // what is not there
  "job-unknown": "There is no such job, or it is not yours.",
  "line-unknown": "There is no such line, or it is not yours.",
  "receipt-unknown": "There is no such receipt, or it is not yours.",
  "payer-unknown": "There is no such payer, or it is not yours.",
  "account-unknown": "There is no account {account}, or it is not yours: ask for one of {accounts}.",
  "credit-note-unknown": "There is no such credit note, or it is not yours.",
  "estimate-not-yours": "That user or account is not yours.",
  "estimate-account-missing": "No account is named, and none of the prices holds without one: name one with --account.",
  "estimate-account-unmapped":
    "Account {account} on {cluster} leads to no payer, so that no price holds: name another with --account, or have it mapped in the payer book.",
  "export-unknown": "There is no export {export}.",
  "export-file-unknown": "Export {export} has no file {file}.",
  "upload-gone": "That upload is not among the latest runs any more.",
  "rate-book-version-unknown": "There is no such version of the rate book.",
  "override-unknown": "There is no override {override}.",
  "formula-not-in-force": "Tier {tier} has no rate card in force today.",

  // publishing
  "not-published": '{tenant} has no prices and payers yet: publish them with "hpc-billing rates publish".',
  "document-not-published": "{tenant} has published no {kind} yet.",
  "draft-too-costly":
    "The text was not read within {seconds} seconds: publish a smaller book, or check this one with hpc-billing rates check.",
  "publish-unsound": "What is to be published is not sound: mend what is named.",
  "publish-zone-differs": "The rate book is written for zone {bookZone}, the site bills in {siteZone}: make them one.",
  "publish-card-dropped": "Card {card} version {version} is published and may not be dropped: put it back and add a new version.",
  "publish-account-dropped":
    "Account {account} has entries, and the chart of accounts does not have it: put it back; an account that is no longer used is closed (open: false).",
  "publish-account-typed": "Account {account} has entries as {was}, and the chart of accounts makes it {type}: add another account.",
  "publish-role-moved": "Account {account} has entries as {role}, which would be {next}: leave the part where it is.",
  "publish-identity-changed":
    "{field} is {was} in the books that were opened and cannot become {next}: put it back, or open books of a new tenant.",
  "publish-cluster-dropped": "Cluster {cluster} has job records and cannot leave the site: put it back in the list of clusters.",
  "publish-card-edited":
    "Card {card} version {version} is published and may not be edited: put it back and add version {next} with a later date.",
  "formula-changed-meanwhile": "The formula of {tier} is not the one you read: read it again and repeat your change.",
  "formula-sku-unknown": "Tier {tier} has no plain price of {skus}.",
  "formula-replaced": "The formula of {tier} from {from} was replaced meanwhile.",

  // months
  "month-wrong": '"{month}" is not a month: write year and month such as 2026-10.',
  "months-too-many": "{from} to {to} are more than {most} months: give a shorter span.",
  "months-reversed": "{to} lies before {from}: give the earlier month first.",
  "month-closed": "{month} is closed. What came late for it is billed as corrections with the next open month.",
  "month-not-ended": "{month} has not ended yet in {zone}: bill it after its last day, or look at it with --dry-run.",
  "close-earlier-open": "{earlier} is still open: close it before {month}.",
  "close-unbilled": '{month} has {lines} rated lines that are not billed (of {usages}): run "hpc-billing bill --month {month}" first.',
  "close-unmapped":
    "{month} has usage without a payer ({accounts}): map the accounts in payers.yaml, publish it, and bill the month again.",
  "month-not-conserved":
    'In {month} {count} jobs, readings or period amounts are not billed exactly once. Nothing was stored. "hpc-billing fate --month {month} --breaches" lists them.',
  "close-does-not-tie": "{month} does not tie out: mend what is named, then close it again.",
  "close-unposted": '{month} has {entries} entries that are not posted: run "hpc-billing journal post --month {month}" first.',
  "export-not-closed": '{month} is not closed: run "hpc-billing close --month {month}" first, so that what is exported stays true.',
  "losses-not-named": "The site of {tenant} names no expectedLosses: write them in site.yaml and publish it.",
  "reopen-never-opened": "{month} was never opened: there is nothing to reopen.",
  "reopen-not-closed": "{month} is not closed: there is nothing to reopen.",
  "reopen-not-requested": "Nobody asked to reopen {month} as it was closed: ask with a reason, then another person approves.",
  "books-busy": "The books are busy with another act. Nothing was changed: try again.",

  // receipts
  "receipt-not-stored": "There is no receipt {receipt}.",
  "receipt-not-posted": "Receipt {number} is not in the journal yet: post the journal of {month} first.",
  "receipt-month-closed": "{month} is closed: receipt {receipt} can only be corrected by a credit note.",
  "credit-reason-missing": "Say why receipt {receipt} is credited.",
  "pay-not-issued": "Receipt {number} is {status}: only an issued receipt can be paid.",
  "pay-nothing-open": "Nothing is open of receipt {number}: book money for later as prepaid credit.",
  "pay-too-much":
    "Receipt {number} is open over {open}, but {received} received and {withheld} withheld are {sum}: take at most what is open, and book the rest as prepaid credit.",
  "amount-decimals": "{amount} has more decimals than {currency} has: write at most {decimals}.",

  // prepaid credit
  "prepaid-unknown": "Project {project} has no prepaid credit: top it up first.",
  "prepaid-project-wrong": '"{project}" is no project: letters, digits, dot, dash or underscore, at most 64.',
  "payer-not-published": "There is no payer {payer} in the published payers.yaml.",
  "prepaid-of-another": "The credit of project {project} belongs to payer {owner}, not to {payer}.",
  "prepaid-too-little": "Project {project} has {available} available, {asked} is asked for: top up or wait for holds to end.",

  // what core and ledger refuse, by their own reason
  "busy-detail": "{detail}",
  "receipt-not-a-draft-detail": "{detail}",
  "receipt-not-issued-detail": "{detail}",
  "receipt-amount-differs-detail": "{detail}",
  "receipt-negative-amount-detail": "{detail}",
  "receipt-reason-missing-detail": "{detail}",
  "receipt-empty-number-detail": "{detail}",
  "ledger-wrong-status-detail": "{detail}",
  "ledger-wrong-amount-detail": "{detail}",
  "ledger-wrong-period-detail": "{detail}",
  "ledger-already-paid-detail": "{detail}",
  "ledger-already-reversed-detail": "{detail}",
  "ledger-no-transfers-detail": "{detail}",
  "ledger-amount-not-positive-detail": "{detail}",
  "ledger-same-account-detail": "{detail}",
  "ledger-unknown-account-detail": "{detail}",
  "ledger-closed-account-detail": "{detail}",
  "ledger-wrong-tenant-detail": "{detail}",
  "ledger-period-closed-detail": "{detail}",
  "ledger-period-open-detail": "{detail}",
  "ledger-does-not-tie-detail": "{detail}",
  "ledger-reason-missing-detail": "{detail}",
  "ledger-same-person-detail": "{detail}",
  "ledger-insufficient-balance-detail": "{detail}",
  "ledger-conflict-detail": "{detail}",

  // any other refusal of a use case, by its reason
  "not-published-detail": "{detail}",
  "publish-refused-detail": "{detail}",
  "text-too-large-detail": "{detail}",
  "wrong-month-detail": "{detail}",
  "month-closed-detail": "{detail}",
  "month-not-ended-detail": "{detail}",
  "not-ready-detail": "{detail}",
  "does-not-tie-detail": "{detail}",
  "receipt-refused-detail": "{detail}",
  "not-found-detail": "{detail}",
  "source-unreadable-detail": "{detail}",
  "folder-unwritable-detail": "{detail}",
  "verification-failed-detail": "{detail}",
  "wrong-keys-detail": "{detail}",

  // the way of a month
  "step-ingested": "Data until {until}",
  "step-ingested-never": "Data until no date",
  "step-rated": "Priced by the rate book in force",
  "step-reviewed": "Every account leads to a payer",
  "step-reviewed-unmapped": "{accounts} accounts without payer",
  "step-issued": "{receipts} receipts issued",
  "step-posted-closed": "Posted and closed",
  "step-posted": "Posted, not closed",
  "step-posted-missing": "{receipts} receipts to post",
  "step-exported": "Exported and signed",
  "step-not-exported": "Not exported",
  "blocker-not-ended": "{month} has not ended yet.",
  "blocker-records": "Records are known until {until}: read those of the rest of the month.",
  "blocker-no-records": "No records are known: read those of the month.",
  "blocker-unmapped": "Account {account} leads to no payer: add a mapping to the payer book.",
  "blocker-drafts": "{receipts} receipts are not issued: issue {month}.",
  "blocker-unposted": "{receipts} receipts are not in the journal: post the journal of {month}.",
  "blocker-earlier-open": "{earlier} is still open: close it first.",

  // what billing leaves out
  "left-out-unmapped": "Jobs whose account leads to no payer: map the account in the payer book.",
  "left-out-running": "Jobs that still run: they are billed once they have ended.",
  "left-out-zero": "Jobs that cost nothing: they stand on the receipt with their reason.",
  "left-out-pending": "Jobs that have not started.",
  "account-unmapped": "Account {account} on {cluster} leads to no payer: add a mapping to the payer book.",

  // what became of a job or reading
  "fate-billed": "Billed on {receipts}.",
  "fate-zero": "It costs nothing ({reason}).",
  "fate-running": "It still runs: it is billed once it has ended.",
  "fate-pending": "It has not started.",
  "fate-unbilled": "Not billed yet: the next bill charges it.",
  "fate-changed": "Billed on {receipts}, and rated otherwise since: the next bill corrects it.",
  "fate-held": "The record could not be read, and its month is not known. {reason}",
  "fate-not-billed": "{usage} of {month} is not billed, and no bill will charge it: reopen {month} and bill it again.",
  "fate-billed-otherwise":
    "{usage} of {month} is billed on {receipts}, but not as it is rated, and no bill will correct it: reopen {month} and bill it again.",
  "fate-billed-twice": "{usage} of {month} has the same line twice ({receipts}): void one of the receipts.",
  "fate-no-record":
    "{usage} of {month} is billed on {receipts}, but no record of it is stored: read its records again, or void the receipt.",

  // the audit chain
  "chain-whole": "All {records} records are whole and in order; sealed up to {sealed}.",
  "chain-bad-record": "Record {record} is bad: {fault}.",
  "chain-cut": "The log ends at record {records}, its head says {head}: records were cut off.",

  // what the ledger finds when a month is closed, one by one
  "tie-entry-twice": "Entry {entry} stands twice in the journal.",
  "tie-entry-elsewhere": "Entry {entry} does not belong to {month}.",
  "tie-entry-detail": "{detail}",
  "tie-draft": "Receipt {receipt} is still a draft: issue it, or draft the month again without it.",
  "tie-net": "Receipt {number} ({receipt}): the net total is {stated}, found {found} {currency}.",
  "tie-tax": "Receipt {number} ({receipt}): the tax total is {stated}, found {found} {currency}.",
  "tie-gross": "Receipt {number} ({receipt}): net and tax make {stated}, found {found} {currency}.",
  "tie-revenue": "Receipt {number} ({receipt}): revenue in the journal should be {stated}, found {found} {currency}.",
  "tie-journal-tax": "Receipt {number} ({receipt}): tax in the journal should be {stated}, found {found} {currency}.",
  "tie-receivable": "Receipt {number} ({receipt}): the receivable in the journal should be {stated}, found {found} {currency}.",
  "tie-accrued": "Receipt {number} ({receipt}): what is accrued and not billed should be {stated}, found {found} {currency}.",
  "tie-unknown-receipt": "The journal books receipt {receipt}, which is not among the month's receipts.",

  // what core finds in a document or a planned job
  ...rateProblemTexts,
  ...sbatchProblemTexts,
} as const satisfies Readonly<Record<string, string>>

export type SentenceCode = keyof typeof sentences

/** What a sentence is filled with, by name. */
export type SentenceParameters<Code extends SentenceCode> = Blanks<(typeof sentences)[Code]>

const codes = Object.keys(sentences) as [SentenceCode, ...SentenceCode[]]

export const sentenceFields = {
  code: Schema.Literals(codes).annotate({ identifier: "SentenceCode" }),
  /** What the sentence names, by the names in its text. */
  params: Schema.Record(Schema.String, Schema.String),
}

/** A code with its parameters, and the English of both. */
export const Sentence = Schema.Struct({ ...sentenceFields, text: Schema.String }).annotate({ identifier: "Sentence" })
export type Sentence = typeof Sentence.Type

/** One thing that a rule found; its text begins with the place in the document, where it has one. */
export const Finding = Schema.Struct({ ...Sentence.fields, path: Schema.String }).annotate({ identifier: "Finding" })
export type Finding = typeof Finding.Type

export const say = <Code extends SentenceCode>(code: Code, ...[given]: BlanksOf<(typeof sentences)[Code]>): Sentence => {
  const params: Readonly<Record<string, string>> = given ?? {}
  return { code, params, text: fillBlanks(sentences[code], params) }
}
