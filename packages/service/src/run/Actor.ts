/** Who does something, as the audit chain keeps it. The host says who it is; the service never guesses. */
export interface Actor {
  /** User name or entity ref; `cli:NAME` from the command line. */
  readonly name: string
  readonly requestId: string
}
