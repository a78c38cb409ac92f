import { randomBytes } from "node:crypto"

/** Divides the columns of one run of sacct: nobody who submits a job can write it into a name. It begins with a character that no other part of it holds. */
export const randomDelimiter = (): string => `\u001F${randomBytes(16).toString("hex")}`
