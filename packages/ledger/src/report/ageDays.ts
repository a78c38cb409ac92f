/** Days from the date of a document to another day, both local dates; 0 on the day itself and on days before it. */
export const ageDays = (documentDate: string, date: string): number =>
  Math.max(0, Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${documentDate}T00:00:00Z`)) / 86_400_000))
