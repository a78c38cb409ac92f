export * from "./annotation.ts"
export { hpcBillingApiRef } from "./api.ts"
export { hpcBillingPlugin, hpcBillingPlugin as default } from "./plugin.tsx"
export { hpcBillingTranslationRef } from "./translation.ts"
