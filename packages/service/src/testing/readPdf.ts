import { inflateSync } from "node:zlib"

export interface ReadPdf {
  readonly pages: number
  readonly text: string
  /** Glyph numbers in the embedded subsets; 0 is the box for a missing letter. */
  readonly glyphs: ReadonlySet<number>
  readonly files: readonly string[]
}

/** Reads back what pdfkit writes: one font a page resource, hexadecimal glyph strings, a ToUnicode map per font. */
export const readPdf = (bytes: Uint8Array): ReadPdf => {
  const raw = Buffer.from(bytes).toString("latin1")
  const objects = new Map<string, { head: string; stream: Buffer | null }>()
  for (const match of raw.matchAll(/(\d+) 0 obj\n([\s\S]*?)endobj/g)) {
    const body = match[2] as string
    const at = body.indexOf("stream\n")
    const head = at < 0 ? body : body.slice(0, at)
    const data = at < 0 ? null : Buffer.from(body.slice(at + 7, body.lastIndexOf("\nendstream")), "latin1")
    objects.set(match[1] as string, { head, stream: data !== null && head.includes("FlateDecode") ? inflateSync(data) : data })
  }
  const unicodeOf = (fontObject: string): Map<number, string> => {
    const map = objects.get(/\/ToUnicode (\d+)/.exec(objects.get(fontObject)?.head ?? "")?.[1] ?? "")?.stream?.toString("latin1") ?? ""
    const letters = new Map<number, string>()
    for (const range of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
      const first = Number.parseInt(range[1] as string, 16)
      ;[...(range[2] as string).matchAll(/<([0-9a-f ]*)>/gi)].forEach((code, index) => {
        const units = (code[1] as string).replaceAll(" ", "").match(/.{4}/g) ?? []
        letters.set(first + index, units.map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join(""))
      })
    }
    return letters
  }
  const glyphs = new Set<number>()
  let text = ""
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\n/.test(head))
  for (const { head } of pages) {
    const resources = objects.get(/\/Resources (\d+)/.exec(head)?.[1] ?? "")?.head ?? ""
    const fonts = new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map((font) => [font[1] as string, unicodeOf(font[2] as string)]))
    const content = objects.get(/\/Contents (\d+)/.exec(head)?.[1] ?? "")?.stream?.toString("latin1") ?? ""
    let letters = new Map<number, string>()
    for (const [token, font] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<[0-9a-f]+>|ET/g)) {
      if (font !== undefined) letters = fonts.get(font) ?? new Map()
      else if (token === "ET") text += "\n"
      else
        for (const code of token.slice(1, -1).match(/.{4}/g) ?? []) {
          const glyph = Number.parseInt(code, 16)
          glyphs.add(glyph)
          text += letters.get(glyph) ?? ""
        }
    }
  }
  const files = [...objects.values()]
    .filter(({ head }) => head.includes("/Type /EmbeddedFile"))
    .map(({ stream }) => stream?.toString("utf8") ?? "")
  return { pages: pages.length, text, glyphs, files }
}
