export interface StoreFinding {
  /** The row: `receipt ci/2026-10/x/1`, `audit record 17`. */
  readonly row: string
  readonly finding: string
}

export type Find = (row: string, finding: string) => void
