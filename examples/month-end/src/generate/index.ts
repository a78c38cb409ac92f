export { generatedPayers } from "./generatedPayers.ts"
export { generateSacct } from "./generateSacct.ts"
