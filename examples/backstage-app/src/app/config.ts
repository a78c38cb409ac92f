import { ConfigReader } from "@backstage/config"

/** The portal asks the host that it came from; nothing is injected into the page. */
export const loadConfig = async () => {
  const baseUrl = window.location.origin
  return {
    config: new ConfigReader({
      app: {
        title: "Example HPC",
        baseUrl,
        extensions: [
          { "page:catalog": { config: { path: "/catalog" } } },
          { "api:app/app-language": { config: { availableLanguages: ["en", "th"], defaultLanguage: "en" } } },
        ],
      },
      organization: { name: "Example HPC" },
      backend: { baseUrl },
      auth: { environment: "development" },
      permission: { enabled: true },
    }),
  }
}
