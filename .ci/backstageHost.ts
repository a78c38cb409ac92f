import { mkdirSync, writeFileSync } from "node:fs"
import { build } from "vite"
import { blocksOf } from "./docBlocks.ts"
import { supportedReleases } from "./nodeReleases.ts"
import { runCommand } from "./runCommand.ts"

/** The yarn that Backstage's create-app brings. */
const yarn = "npx -y @yarnpkg/cli-dist@4.13.0"

/**
 * A project as Backstage's create-app makes it, CommonJS, installed by yarn into node_modules, without any package that Backstage itself would
 * bring: the `yarn add` lines of the two packages' READMEs must be enough. With each supported Node the backend's entry is required and
 * imported; the portal's entries, which only a bundler can read, are bundled for both and run.
 */
export const backstageHostProblems = async (
  folder: string,
  tarballs: ReadonlyMap<string, string>,
  nodes: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
  writeHost(folder, tarballs)
  for (const command of ["packages/backstage-backend/README.md", "packages/backstage-plugin/README.md"].map(addCommandOf)) {
    const [name] = /@hpc-billing\/[\w-]+$/.exec(command) ?? []
    const added = await runCommand(`${command.replace(/^yarn/, yarn)}@file:${tarballs.get(name as string)}`, {
      folder,
      output: "kept",
      timeoutSeconds: 600,
    })
    if (added.problems.length > 0) return [`Backstage host: ${added.problems[0]}\n${added.output}`]
  }
  const problems: string[] = []
  const bundled = await bundle(folder).catch((error: Error) => error)
  if (bundled instanceof Error) return [`Backstage host: the portal's entries cannot be bundled: ${bundled.message}`]
  for (const release of supportedReleases) {
    const environment = { PATH: `${nodes.get(release)}:/usr/bin:/bin` }
    for (const command of [
      "cd packages/backend && node required.js",
      "cd packages/backend && node imported.mjs",
      ...bundled.map((file) => `node --import data:text/javascript,globalThis.window=globalThis ${file}`),
    ]) {
      const run = await runCommand(command, { folder, environment, output: "kept", timeoutSeconds: 600 })
      if (run.problems.length > 0) problems.push(`Backstage host, Node ${release}: ${run.problems[0]}\n${run.output}`)
    }
    if (problems.length === 0) console.log(`   Node ${release}: a yarn project requires and imports both Backstage packages`)
  }
  return problems
}

const addCommandOf = (page: string): string => {
  const [block] = blocksOf(page).filter(({ text }) => text.startsWith("yarn "))
  if (block === undefined) throw new Error(`${page} does not say how yarn adds the package.`)
  return block.text
}

const backendEntry = "@hpc-billing/backstage-backend"
const portalEntries = ["@hpc-billing/backstage-plugin", "@hpc-billing/backstage-plugin/legacy"]
const isThere = (entry: string): string => `if (entry === undefined) throw new Error("${entry} has nothing to add")`

const writeHost = (folder: string, tarballs: ReadonlyMap<string, string>): void => {
  const write = (name: string, content: unknown): void =>
    writeFileSync(`${folder}/${name}`, typeof content === "string" ? content : JSON.stringify(content))
  for (const part of ["app", "backend"]) mkdirSync(`${folder}/packages/${part}`, { recursive: true })
  // the two packages are not in a registry yet, so neither are those that they bring
  const resolutions = Object.fromEntries(
    [...tarballs].filter(([name]) => !/backstage/.test(name)).map(([name, file]) => [name, `file:${file}`]),
  )
  write("package.json", { name: "root", private: true, workspaces: ["packages/*"], resolutions })
  write(".yarnrc.yml", "nodeLinker: node-modules\nenableTelemetry: false\nenableScripts: false\n")
  write("yarn.lock", "")
  write("packages/backend/package.json", { name: "backend", version: "0.0.0", private: true })
  write("packages/app/package.json", {
    name: "app",
    version: "0.0.0",
    private: true,
    dependencies: { react: "^18.0.2", "react-dom": "^18.0.2", "react-router-dom": "^6.30.2" },
  })
  write("packages/backend/required.js", `const entry = require("${backendEntry}").default\n${isThere(backendEntry)}\n`)
  write("packages/backend/imported.mjs", `import entry from "${backendEntry}"\n${isThere(backendEntry)}\n`)
  write(
    "packages/app/imported.js",
    portalEntries.map((entry, index) => `import * as entry${index} from "${entry}"\n`).join("") +
      `for (const entry of [entry0.default, entry1.HpcBillingPage]) ${isThere("an entry of the portal")}\n`,
  )
  write(
    "packages/app/required.js",
    `const [entry0, entry1] = [${portalEntries.map((entry) => `require("${entry}")`).join(", ")}]\n` +
      `for (const entry of [entry0.default, entry1.HpcBillingPage]) ${isThere("an entry of the portal")}\n`,
  )
}

/** The portal's entries with all that they bring, as files that Node can run. */
const bundle = async (folder: string): Promise<readonly string[]> => {
  const names = ["imported", "required"]
  for (const name of names)
    await build({
      root: `${folder}/packages/app`,
      configFile: false,
      logLevel: "silent",
      ssr: { noExternal: true },
      build: { ssr: `${name}.js`, outDir: `dist/${name}`, minify: false },
    })
  return names.map((name) => `packages/app/dist/${name}/${name}.mjs`)
}
