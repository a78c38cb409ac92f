export { hpcBillingPermissions } from "./permissions/hpcBillingPermissions.ts"
export { createHpcBillingConditionalDecision, hpcBillingConditions } from "./permissions/rules.ts"
export { hpcBillingPlugin as default } from "./plugin.ts"
