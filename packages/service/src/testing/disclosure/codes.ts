import { everyPerson, type Person } from "./people.ts"

const offices = "fin adm aud"
const everybody = everyPerson.filter((name) => name !== "roleless" && name !== "away" && name !== "stranger").join(" ")
const guild = `${offices} weaver limited`
const faculty = `${offices} dean`

/**
 * Everything that a person typed, or that belongs to one, and who reads it anywhere in the service: no one else, and each of these
 * somewhere. A row that must change is a decision about people's privacy.
 */
const readers = {
  // payers: the name is told to whom their jobs are billed to and who answers for one of the accounts, the rest to who answers for all
  "guild name": `${guild} dyer both cat`,
  "guild Thai name": `${guild} dyer both cat`,
  "guild address": guild,
  "guild Thai address": guild,
  "faculty name": `${faculty} ann ben`,
  "faculty address": faculty,
  "faculty tax basis": faculty,
  "hospital name": `${offices} both narrowed`,
  "hospital address": `${offices} narrowed`,
  "nobody's payer": offices,

  // prices are everybody's, what is agreed with one is theirs: it explains their own charge
  "card title": everybody,
  "meter title": everybody,
  "tier title": everybody,
  "rule for an account": offices,
  "rule for a user": offices,
  "rule for the guild": guild,
  "override of ann: id": `${faculty} ann`,
  "override of ann: reason": `${faculty} ann`,
  "override of ann: author": `${faculty} ann`,
  "override of weave: id": `${guild} cat`,
  "override of weave: reason": `${guild} cat`,
  "price agreed with weave": `${guild} cat`,
  "override of ward: reason": `${offices} both narrowed`,
  "override of dye from 2199: reason": `${guild} dyer both`,
  "override of eve: reason": offices,
  "override of eve: user": offices,

  // usage
  "job of ann": `${faculty} ann`,
  "reservation of ann": `${faculty} ann`,
  "wckey of ann": `${faculty} ann`,
  "partition of ann": `${faculty} ann`,
  "nodes of ann": `${faculty} ann`,
  "job of ben": `${faculty} ben`,
  "job of cat": `${guild} cat`,
  "job of gil": `${guild} dyer both`,
  "user in dye": `${guild} dyer both`,
  "job of dan": `${offices} both narrowed`,
  "user without payer": offices,
  "account without payer": offices,
  "job without payer": offices,
  "reading of weave": guild,
  "reading of ward": `${offices} narrowed`,
  "rejected record": offices,
  "source of records": offices,

  // what finance typed
  "reason of a void": faculty,
  "reason of a credit note": guild,
  "reason of a write-off": offices,
  "bank reference of the guild": guild,
  "bank reference of the faculty": faculty,
  "project of the guild": guild,
  "project of the faculty": faculty,
  "hold of the guild": guild,
  "reason to reopen": offices,
  "request id": "fin adm aud",
  "name of who bills": offices,
} as const satisfies Readonly<Record<string, string>>

export type Planted = keyof typeof readers
export const everyPlanted = Object.keys(readers) as readonly Planted[]

export const readersOf = (what: Planted): readonly Person[] => [...new Set(readers[what].split(" "))].sort() as Person[]

const letter = (index: number): string => String.fromCharCode(97 + index)

/** A word that stands nowhere else, the same in every run; no document breaks it over two lines. */
export const code = (what: Planted): string => {
  if (what === "price agreed with weave") return "7.7713"
  const index = everyPlanted.indexOf(what)
  return `Zq${letter(Math.floor(index / 26))}${letter(index % 26)}Vk`
}

export const plantedIn = (text: string): readonly Planted[] => everyPlanted.filter((what) => text.includes(code(what)))
