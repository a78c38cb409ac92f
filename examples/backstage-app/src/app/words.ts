import { createTranslationRef } from "@backstage/frontend-plugin-api"

/** The portal's own words around the plugins: sign-in and sidebar. */
export const portalTranslationRef = createTranslationRef({
  id: "app.portal",
  messages: {
    "nav.billing": "HPC billing",
    "nav.catalog": "Catalog",
    "nav.settings": "Settings",
    "nav.signOut": "Sign out",
    "signIn.title": "Example HPC",
    "signIn.text": "A portal on sample data. Choose who you are; each sees and may do something else.",
    "signIn.as": "Sign in as",
    "signIn.researcher": "Researcher",
    "signIn.researcherText": "sees what the own jobs cost, and why",
    "signIn.project-owner": "Project owner",
    "signIn.project-ownerText": "sees who spent what in the own accounts",
    "signIn.finance": "Finance",
    "signIn.financeText": "bills, takes payments, posts, closes and exports the month",
    "signIn.second-finance": "Second of finance",
    "signIn.second-financeText": "the same, and approves what the other asks: to reopen a closed month",
    "signIn.admin": "Billing admin",
    "signIn.adminText": "publishes rates and watches the feed",
    "signIn.auditor": "Auditor",
    "signIn.auditorText": "reads everything and verifies the record",
  },
  translations: { th: async () => ({ default: (await import("./th.ts")).thai }) },
})
