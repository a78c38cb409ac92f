const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A field of RFC 4180 that the service itself wrote: figures, dates, words of a table. */
export const csvField = (text: string): string => quoted(text)

/** A field that people wrote: one that a spreadsheet would run as a formula gets an apostrophe before it. */
export const csvName = (text: string): string => quoted(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
