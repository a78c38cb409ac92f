/** Which month a line corrects, beside its body, so that all that was charged for a month is found without reading later months. */
export const corrections: readonly string[] = [
  `ALTER TABLE receipt_line ADD COLUMN corrects_month text COLLATE "C"`,
  // quotes within a name are escaped, so that this text is the line's own field or nowhere
  `UPDATE receipt_line SET corrects_month = substring(body FROM '"corrects":\\{.*?"month":"([0-9]{4}-[0-9]{2})"')
    WHERE body LIKE '%"corrects":{%'`,
  "CREATE INDEX receipt_line_corrects ON receipt_line (tenant, corrects_month, receipt_id, position) WHERE corrects_month IS NOT NULL",
]
