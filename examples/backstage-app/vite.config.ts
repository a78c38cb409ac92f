import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { defaultClientConditions, defineConfig, type Plugin } from "vite"

const workspace = fileURLToPath(new URL("../../", import.meta.url))

/** The backend that `vite dev` asks; the built app asks wherever it came from. */
const backend = process.env.HPC_PORTAL_BACKEND ?? "http://127.0.0.1:7007"

/** Beside the manifest: what each chunk is made of, so that the size of the plugin's own code can be measured. */
const chunkModules: Plugin = {
  name: "chunk-modules",
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).flatMap((output) =>
      output.type === "chunk"
        ? [
            {
              file: output.fileName,
              isEntry: output.isEntry,
              imports: output.imports,
              modules: Object.entries(output.modules).map(([id, { renderedLength }]) => ({ id: relative(workspace, id), renderedLength })),
            },
          ]
        : [],
    )
    this.emitFile({ type: "asset", fileName: ".vite/chunks.json", source: JSON.stringify(chunks) })
  },
}

export default defineConfig({
  plugins: [chunkModules],
  define: { "process.env.NODE_ENV": JSON.stringify(process.env.NODE_ENV ?? "production"), "process.env": "{}", global: "globalThis" },
  resolve: {
    // the catalog's export writes CSV by the build for Node, which extends a stream and asks for Buffer as it loads
    alias: { "csv-stringify/lib/sync": "csv-stringify/lib/browser/sync.js" },
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
