const mediaTypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  jsonl: "application/jsonl",
  pdf: "application/pdf",
  txt: "text/plain",
}

/** The media type of a kept file, by how its name ends. */
export const mediaTypeOf = (name: string): string => mediaTypes[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream"
