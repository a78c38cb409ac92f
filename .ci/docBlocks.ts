import { readFileSync } from "node:fs"
import { trackedFiles, workspace } from "./trackedFiles.ts"

/** A fenced block of a page. */
export interface DocBlock {
  readonly page: string
  /** Of the fence. */
  readonly line: number
  readonly language: string
  /** `title="rates.yaml"`: the file that the block is, or `rates.yaml: cards[0]` for a part of it. */
  readonly title: string | null
  /** False for listings (`text`) and for what carries `data-run="no"`. */
  readonly isRun: boolean
  readonly text: string
}

const fence = /^```([\w-]*)( .*)?$/
const otherBlock = /^\s*(```|~~~)|^ {4,}\S/

/** The blocks of a page, in order. Throws where a block is no plain fence, has no language, or does not end. */
export const docBlocks = (page: string, text: string): readonly DocBlock[] => {
  const lines = text.split("\n")
  const blocks: DocBlock[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string
    const [opens, language = "", info = ""] = fence.exec(line) ?? []
    if (opens === undefined) {
      if (otherBlock.test(line) && (lines[index - 1] === "" || !line.startsWith("    ")))
        throw new Error(`${page}:${index + 1}: a block that is indented or fenced in another way: begin it with \`\`\` and its language.`)
      continue
    }
    const end = lines.indexOf("```", index + 1)
    if (end < 0) throw new Error(`${page}:${index + 1}: the block does not end.`)
    if (language === "") throw new Error(`${page}:${index + 1}: the block has no language: write text for a listing.`)
    blocks.push({
      page,
      line: index + 1,
      language,
      title: /title="([^"]*)"/.exec(info)?.[1] ?? null,
      isRun: language !== "text" && !info.includes('data-run="no"'),
      text: lines.slice(index + 1, end).join("\n"),
    })
    index = end
  }
  return blocks
}

/** Every page that people read: all but what was recorded, and the texts of changes. */
export const docPages = (): readonly string[] =>
  trackedFiles().filter((path) => path.endsWith(".md") && !path.includes("/fixtures/") && !path.startsWith(".changeset/"))

export const blocksOf = (page: string): readonly DocBlock[] => docBlocks(page, readFileSync(`${workspace}/${page}`, "utf8"))
