import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, type Exit } from "effect"
import { exitCodeOf } from "./exitCode.ts"
import { runProgram } from "./program.ts"

runProgram(process.argv.slice(2)).pipe(Effect.provide(NodeServices.layer), (program) =>
  NodeRuntime.runMain(program, {
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(exitCodeOf(exit as Exit.Exit<unknown, unknown>)),
  }),
)
