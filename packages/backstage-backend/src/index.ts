export { hpcBillingPlugin as default } from "./plugin.ts"
