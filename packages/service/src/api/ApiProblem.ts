import type { Finding, SentenceCode } from "./sentences.ts"

/** A refusal as the client throws it: the fields of an RFC 9457 problem. `status` 0 stands for no answer at all. */
export class ApiProblem extends Error {
  readonly status: number
  readonly type: string
  readonly title: string
  /** What happened and the next step; empty when the service said nothing more. */
  readonly detail: string
  readonly reason: string
  readonly requestId: string
  /** What a rule found, one by one. */
  readonly findings: readonly Finding[]
  /** Of `sentences`, what `detail` says; empty when the service gave none. */
  readonly code: SentenceCode | ""
  readonly params: Readonly<Record<string, string>>

  constructor(problem: {
    readonly status: number
    readonly type?: string
    readonly title?: string
    readonly detail?: string
    readonly reason?: string
    readonly requestId?: string
    readonly findings?: readonly Finding[]
    readonly code?: SentenceCode
    readonly params?: Readonly<Record<string, string>>
  }) {
    super(problem.detail ?? problem.title ?? `The service answered ${problem.status}.`)
    this.name = "ApiProblem"
    this.status = problem.status
    this.type = problem.type ?? "about:blank"
    this.title = problem.title ?? ""
    this.detail = problem.detail ?? ""
    this.reason = problem.reason ?? ""
    this.requestId = problem.requestId ?? ""
    this.findings = problem.findings ?? []
    this.code = problem.code ?? ""
    this.params = problem.params ?? {}
  }
}
