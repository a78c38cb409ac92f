import { OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"

/** The OpenAPI 3.1 document of the service: the one that `openapi.json` holds. */
export const openApiDocument = (): OpenApi.OpenAPISpec => OpenApi.fromApi(Api)
