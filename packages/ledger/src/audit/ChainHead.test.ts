import { expect, test } from "vitest"
import { cryptography, grow, origin, publicKey, seedOf } from "../../test/chains.ts"
import { hex } from "../bytes.ts"
import { decodeChainHead, encodeChainHead, genesis } from "./ChainHead.ts"

test("the name of a chain is visible ASCII of at most 200 characters", () => {
  const begin = (name: string) => () => genesis(cryptography, 1, name, publicKey)
  for (const name of ["x", "x".repeat(200), "!~"]) expect(begin(name)().origin).toBe(name)
  for (const name of ["", "x".repeat(201), "a b", "a\n", "\na", "é"]) expect(begin(name)).toThrow(/is no name for a chain/)
})

test("the first link commits to the name and to the key", () => {
  const links = [
    genesis(cryptography, 1, origin, publicKey),
    genesis(cryptography, 1, "site.example/other", publicKey),
    genesis(cryptography, 1, origin, cryptography.ed25519PublicKey(seedOf(1))),
  ].map(({ link }) => hex(link))
  expect(new Set(links).size).toBe(3)
})

test("a head reads back whole; one with a hash that is none is refused", () => {
  const { head } = grow([3, "checkpoint", 2, "rotate", 1])
  expect(decodeChainHead(encodeChainHead(head))).toEqual(head)
  const fields = JSON.parse(encodeChainHead(head))
  for (const link of ["", fields.link.slice(2), `${fields.link}00`, `zz${fields.link.slice(2)}`]) {
    expect(() => decodeChainHead(JSON.stringify({ ...fields, link }))).toThrow(/not 32 bytes of hex/)
    expect(() => decodeChainHead(JSON.stringify({ ...fields, range: [link] }))).toThrow(/not 32 bytes of hex/)
  }
  for (const text of ["nonsense", "null", "{}"]) expect(() => decodeChainHead(text)).toThrow()
})
