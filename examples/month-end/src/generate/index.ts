export { type GeneratedAccount, type GeneratedPayers, generatedPayers } from "./generatedPayers.ts"
export { type GenerateOptions, generatedColumns, generateSacct } from "./generateSacct.ts"
export { type GeneratedUser, generatedUsers } from "./people.ts"
