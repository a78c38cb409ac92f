import { describe, expect, it } from "vitest"
import { docBlocks } from "./docBlocks.ts"

const page = `# A page

\`\`\`yaml title="rates.yaml: cards[0]"
a: 1

b: 2
\`\`\`

- a list

  whose text is indented

\`\`\`text
shown
\`\`\`

\`\`\`sh data-run="no"
make
\`\`\`
`

describe("docBlocks", () => {
  it("finds each block with its place, language and marks", () => {
    expect(docBlocks("docs/a.md", page)).toEqual([
      { page: "docs/a.md", line: 3, language: "yaml", title: "rates.yaml: cards[0]", isRun: true, text: "a: 1\n\nb: 2" },
      { page: "docs/a.md", line: 13, language: "text", title: null, isRun: false, text: "shown" },
      { page: "docs/a.md", line: 17, language: "sh", title: null, isRun: false, text: "make" },
    ])
  })

  it.each([
    ["```\nls\n```\n", /a\.md:1: the block has no language/],
    ["Text.\n\n    ls\n", /a\.md:3: a block that is indented/],
    ["- One\n\n  ```sh\n  ls\n  ```\n", /a\.md:3: a block that is indented/],
    ["~~~sh\nls\n~~~\n", /a\.md:1: a block that is .*fenced in another way/],
    ["```sh\nls\n", /a\.md:1: the block does not end/],
  ])("refuses %j", (text, problem) => {
    expect(() => docBlocks("a.md", text)).toThrow(problem)
  })
})
