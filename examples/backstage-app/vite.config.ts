import { defaultClientConditions, defineConfig } from "vite"

/** The backend that `vite dev` asks; the built app asks wherever it came from. */
const backend = process.env.HPC_PORTAL_BACKEND ?? "http://127.0.0.1:7007"

export default defineConfig({
  define: { "process.env.NODE_ENV": JSON.stringify(process.env.NODE_ENV ?? "production"), "process.env": "{}", global: "globalThis" },
  resolve: {
    conditions: ["@hpc-billing/source", ...defaultClientConditions],
    dedupe: ["react", "react-dom", "react-router", "react-router-dom"],
  },
  oxc: { jsx: { runtime: "automatic" } },
  server: { host: "127.0.0.1", port: 3000, strictPort: true, proxy: { "/api": backend } },
  build: {
    outDir: "dist/app",
    manifest: true,
    chunkSizeWarningLimit: 4000,
    // "use client" of the UI libraries means nothing to a browser's bundle
    rolldownOptions: { onwarn: (warning, tell) => (warning.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : tell(warning)) },
  },
})
