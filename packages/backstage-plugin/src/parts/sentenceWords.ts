import type { Text } from "./useText.ts"

export interface Said {
  readonly code: string
  readonly params: Readonly<Record<string, string>>
  /** The service's own English, for a code that this portal does not know yet. */
  readonly text: string
}

/** What the service says of itself, in the reader's language, with months and days as the reader writes them. */
export const sentenceWords = ({ code, params, text }: Said, reader: Pick<Text, "t" | "monthText" | "dayText">): string => {
  const say = reader.t as (key: string, values: Readonly<Record<string, string>>) => string
  const key = `say.${code}`
  const words = say(key, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, readerText(value, reader)])))
  return words === key ? text : words
}

const readerText = (value: string, { monthText, dayText }: Pick<Text, "monthText" | "dayText">): string => {
  if (/^\d{4}-\d{2}$/.test(value)) return monthText(value)
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return dayText(value)
  const instant = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})$/.exec(value)
  return instant === null ? value : `${dayText(instant[1] as string)} ${instant[2]}`
}
