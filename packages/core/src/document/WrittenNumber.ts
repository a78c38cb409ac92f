/**
 * A number as a document has it, digit by digit: `0.10`, `007`, `1e5`. It is never a floating-point number. What it means is decided where
 * it stands: `fitNumbers` makes it the text or the whole number that the schema has there.
 */
export class WrittenNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
