import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Exit, Scope } from "effect"
import { StoreOpening } from "../cli/CliContext.ts"
import { exitCodeOf } from "../cli/exitCode.ts"
import { runProgram } from "../cli/program.ts"
import type { StoreFunctions } from "../store/index.ts"
import { openStore } from "../store/openStore.ts"
import { daysAfterOctober } from "./octoberBooks.ts"
import { testingStorage } from "./testingStorage.ts"

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandLine {
  /** Runs one command line in this process, its words separated as a shell would, on a day counted from the end of October 2026. */
  readonly run: (words: readonly string[], days?: number) => Promise<Outcome>
  readonly close: () => Promise<void>
}

/**
 * The program itself on one store in memory that stays open between commands: what a process of its own costs, to start and to
 * open a database, is left out. `folder` holds the site, the keys and what is written.
 */
export const openCommandLine = async (
  folder: string,
  /** How its store is opened; in memory when absent. */
  openFirst: typeof openStore = (config) =>
    Effect.flatMap(Effect.promise(testingStorage), (location) => openStore({ ...config, location })),
): Promise<CommandLine> => {
  const scope = Effect.runSync(Scope.make())
  let opened: StoreFunctions | null = null
  const opening: typeof openStore = (config) =>
    Effect.suspend(() => {
      if (opened !== null) return Effect.succeed(opened)
      return Effect.tap(Scope.provide(openFirst(config), scope), (store) => Effect.sync(() => (opened = store)))
    })
  const places = ["--site", `${folder}/site`, "--data", `${folder}/data`, "--keys", `${folder}/keys`]
  const run: CommandLine["run"] = async (words, days = 10) => {
    const said = { stdout: "", stderr: "" }
    const write =
      (name: keyof typeof said) =>
      (...values: readonly unknown[]): void => {
        said[name] += `${values.join(" ")}\n`
      }
    const told: Console.Console = Object.assign(Object.create(globalThis.console), { log: write("stdout"), error: write("stderr") })
    const exit = await runProgram([...words, ...places]).pipe(
      Effect.provideService(StoreOpening, opening),
      Effect.provideService(Console.Console, told),
      Effect.provide(NodeServices.layer),
      daysAfterOctober(days),
      Effect.runPromiseExit,
    )
    return { code: exitCodeOf(exit), ...said }
  }
  return { run, close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}
