/** `1=8,2=16000` as the database writes TRES, by name. Ids without a name are left under their number. */
export const parseTresIds = (text: string, names: ReadonlyMap<number, string>): Readonly<Record<string, bigint>> => {
  const counts: Record<string, bigint> = {}
  for (const part of text.split(",")) {
    const [id = "", count = ""] = part.split("=")
    if (/^\d+$/.test(id) && /^\d+$/.test(count)) counts[names.get(Number(id)) ?? id] = BigInt(count)
  }
  return counts
}
