import { createBackendModule } from "@backstage/backend-plugin-api"
import { AuthenticationError } from "@backstage/errors"
import { authProvidersExtensionPoint, createProxyAuthenticator, createProxyAuthProviderFactory } from "@backstage/plugin-auth-node"

interface SamplePerson {
  readonly entityRef: string
  readonly displayName: string
}

/** The people of the sample catalog by what they are; two are of finance, since one alone does not reopen a month. */
export const samplePeople = {
  researcher: { entityRef: "user:default/anan", displayName: "Anan Wongsawat" },
  "project-owner": { entityRef: "user:default/nattaya", displayName: "Nattaya Wongsawat" },
  finance: { entityRef: "user:default/malee", displayName: "Malee Srisuk" },
  "second-finance": { entityRef: "user:default/prasert", displayName: "Prasert Kaewmanee" },
  admin: { entityRef: "user:default/krit", displayName: "Krit Promma" },
  auditor: { entityRef: "user:default/siriporn", displayName: "Siriporn Boonmee" },
} as const satisfies Readonly<Record<string, SamplePerson>>

export type Person = keyof typeof samplePeople

export const people = Object.keys(samplePeople) as readonly Person[]

const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async ({ person }: { readonly person: Person }) => ({
    profile: { displayName: samplePeople[person].displayName },
  }),
  initialize: () => null,
  authenticate: async ({ req }) => {
    const person = people.find((each) => each === req.header("x-hpc-billing-person"))
    if (person === undefined) throw new AuthenticationError(`Choose who to be: x-hpc-billing-person is one of ${people.join(", ")}.`)
    return { result: { person } }
  },
})

/** Whoever asks is who they say: for sample data on loopback alone. A real portal signs in with its own provider. */
export const sampleSignIn = createBackendModule({
  pluginId: "auth",
  moduleId: "sample-provider",
  register(module) {
    module.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        const factory = createProxyAuthProviderFactory({
          authenticator,
          signInResolver: ({ result }, context) => context.signInWithCatalogUser({ entityRef: samplePeople[result.person].entityRef }),
        })
        providers.registerProvider({ providerId: "sample", factory })
      },
    })
  },
})
