import { createApiRef, type DiscoveryApi, type FetchApi } from "@backstage/frontend-plugin-api"
import { type Client, makeClient } from "@hpc-billing/service/api"

/** The service's typed client, as the plugin's pages ask for it. */
export const hpcBillingApiRef = createApiRef<Client>().with({ id: "plugin.hpc-billing.client", pluginId: "hpc-billing" })

/** The client over the host's own discovery and fetch: signed-in, to wherever the backend plugin is mounted. */
export const makeHpcBillingApi = (host: { readonly discoveryApi: DiscoveryApi; readonly fetchApi: FetchApi }): Client =>
  makeClient("", async (path, init) => host.fetchApi.fetch(`${await host.discoveryApi.getBaseUrl("hpc-billing")}${path}`, init))
