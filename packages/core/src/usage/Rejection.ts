/** A record that could not be read: kept with the place and the reason, so that nothing is lost and it can be mended and read again. */
export interface Rejection {
  /** File name, command or URL as the operator gave it. */
  readonly source: string
  /** 1-based physical line, or index in a JSON answer; null for a whole answer. */
  readonly lineNumber: number | null
  readonly field: string | null
  /** One sentence for people: what is wrong and what was expected. */
  readonly reason: string
  /** The record as read, at most 4 096 characters of it. */
  readonly raw: string
}

export const rejectionRawCharactersMaximum = 4_096
