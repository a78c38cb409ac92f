/** The one thing taken from the platform, in every browser and in Node: the library that core is checked against does not name it. */
declare const TextEncoder: new () => { readonly encode: (text: string) => Uint8Array }

const encoder = new TextEncoder()

export const utf8 = (text: string): Uint8Array => encoder.encode(text)
