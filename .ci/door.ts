import type { SourceFile } from "./SourceFile.ts"
import { isNode, visit } from "./syntax.ts"

/** What writes money, documents and audit records. */
const writers = new Set(["commit", "decide", "appendToChain"])

/** Only the door, and the store behind it, reach the store's writers: everything else decides through the door. */
const mayWrite = /^packages\/service\/src\/(commit|store|testing)\//

/** Uses of the store's writers outside the door. */
export const doorProblems = ({ path, packageName, kind, syntax, problemAt }: SourceFile): readonly string[] => {
  if (packageName !== "service" || kind !== "source" || mayWrite.test(path)) return []
  const problems: string[] = []
  const refuse = (name: string, start: number): void => {
    problems.push(problemAt(start, `${name} of the store outside the door: decide the act in packages/service/src/commit.`))
  }
  visit(syntax.program, (node) => {
    if (node.type === "MemberExpression" && "property" in node && isNode(node.property) && "name" in node.property) {
      const name = String(node.property.name)
      if (writers.has(name)) refuse(name, node.start)
    }
    if (node.type === "ObjectPattern" && "properties" in node && Array.isArray(node.properties)) {
      for (const property of node.properties)
        if (
          isNode(property) &&
          "key" in property &&
          isNode(property.key) &&
          "name" in property.key &&
          writers.has(String(property.key.name))
        )
          refuse(String(property.key.name), property.start)
    }
  })
  return problems
}
