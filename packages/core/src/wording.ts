type BlankOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | BlankOf<Rest> : never

/** What a text with blanks such as `{month}` is filled with, by the names of its blanks. */
export type Blanks<Text extends string> = { readonly [Name in BlankOf<Text>]: string }

/** The arguments that a text asks for: none where it has no blanks. */
export type BlanksOf<Text extends string> = BlankOf<Text> extends never ? [] : [values: Blanks<Text>]

/** The text with every blank filled once; what a value says is never filled again. */
export const fillBlanks = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
