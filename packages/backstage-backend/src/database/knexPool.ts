import type { DatabaseService } from "@backstage/backend-plugin-api"
import type { HostConnection, HostPool } from "@hpc-billing/service"

export type Knex = Awaited<ReturnType<DatabaseService["getClient"]>>

/**
 * The host's pool for this plugin: knex gives its raw node-postgres clients, with the schema, login and role that the host
 * configured. A client marked as disposed is not given out again.
 */
export const knexPool = (knex: Knex): HostPool => ({
  acquire: () => knex.client.acquireConnection(),
  release: async (connection, broken) => {
    const client = connection as HostConnection & { __knex__disposed?: unknown }
    if (broken) client.__knex__disposed = "hpc-billing saw the connection fail"
    await knex.client.releaseConnection(client)
  },
})
