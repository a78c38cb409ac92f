/** A node of the syntax tree, seen without its type: the house rules look for a few shapes only. */
export interface Node {
  readonly type: string
  readonly start: number
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

export const visit = (node: Node, enter: (node: Node, parent: Node | null) => void, parent: Node | null = null): void => {
  enter(node, parent)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, enter, node)
}

/** The two names of `Date.now` or of a qualified type; null for any other shape. */
export const dottedName = (node: Node): readonly [left: string, right: string] | null => {
  const [left, right] =
    node.type === "MemberExpression" && "object" in node && "property" in node && "computed" in node && node.computed === false
      ? [node.object, node.property]
      : node.type === "TSQualifiedName" && "left" in node && "right" in node
        ? [node.left, node.right]
        : []
  return isNode(left) && isNode(right) && "name" in left && "name" in right ? [String(left.name), String(right.name)] : null
}

/** Does the identifier refer to a value, rather than name a property, a key or a type? */
export const isReference = (node: Node, parent: Node | null): boolean => {
  if (parent === null) return false
  if ("computed" in parent && parent.computed === true) return true
  if (parent.type === "MemberExpression" && "property" in parent) return parent.property !== node
  if ("key" in parent) return parent.key !== node || ("shorthand" in parent && parent.shorthand === true)
  return !/^(TSPropertySignature|TSMethodSignature|ImportSpecifier|ExportSpecifier|TSQualifiedName|TSTypeReference)$/.test(parent.type)
}
