import { createBackendModule } from "@backstage/backend-plugin-api"
import { AuthenticationError } from "@backstage/errors"
import { authProvidersExtensionPoint, createProxyAuthenticator, createProxyAuthProviderFactory } from "@backstage/plugin-auth-node"
import { type Role, roles } from "@hpc-billing/service/api"

interface SamplePerson {
  readonly entityRef: string
  readonly displayName: string
}

/** The person of the sample catalog that stands for each role. */
export const samplePeople: Readonly<Record<Role, SamplePerson>> = {
  researcher: { entityRef: "user:default/anan", displayName: "Anan Wongsawat" },
  "project-owner": { entityRef: "user:default/nattaya", displayName: "Nattaya Wongsawat" },
  finance: { entityRef: "user:default/malee", displayName: "Malee Srisuk" },
  admin: { entityRef: "user:default/krit", displayName: "Krit Promma" },
  auditor: { entityRef: "user:default/siriporn", displayName: "Siriporn Boonmee" },
}

const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async ({ role }: { readonly role: Role }) => ({ profile: { displayName: samplePeople[role].displayName } }),
  initialize: () => null,
  authenticate: async ({ req }) => {
    const role = roles.find((each) => each === req.header("x-hpc-billing-role"))
    if (role === undefined) throw new AuthenticationError(`Choose who to be: x-hpc-billing-role is one of ${roles.join(", ")}.`)
    return { result: { role } }
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
          signInResolver: ({ result }, context) => context.signInWithCatalogUser({ entityRef: samplePeople[result.role].entityRef }),
        })
        providers.registerProvider({ providerId: "sample", factory })
      },
    })
  },
})
