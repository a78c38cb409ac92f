import { expect, it } from "vitest"
import { coloursOf } from "./colours.ts"

it("gives ten names ten colours, and a name of its own chart always the same", () => {
  const names = ["MU", "Gov", "Private", "phys-flood", "civil-cfd", "genome-rare", "ict-course", "chem-dft", "ai-vision", "gpu"]
  const colours = coloursOf(names)
  expect(new Set(colours.values()).size).toBe(names.length)
  expect(coloursOf([...names].reverse())).toEqual(colours)
})

it("keeps the colours of resources", () => {
  expect(coloursOf(["mem", "cpu", ""]).get("cpu")).toBe(coloursOf(["cpu", "gpu:a100"]).get("cpu"))
})
