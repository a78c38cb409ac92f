#!/usr/bin/env node
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, type Exit } from "effect"
import { Command } from "effect/cli"
import { version } from "../version.ts"
import { hpcBilling } from "./CliContext.ts"
import { exitCodeOf, sentenceOf } from "./exitCode.ts"
import { explainCommand } from "./explainCommand.ts"
import { ingestCommand } from "./ingestCommand.ts"
import { keysCommand } from "./keysCommand.ts"
import { billCommand, closeCommand, exportCommand, journalCommand, rateCommand } from "./monthCommands.ts"
import { auditCommand, reopenCommand } from "./periodCommands.ts"
import { estimateCommand, planCommand, readingsCommand } from "./planCommands.ts"
import { prepaidCommand } from "./prepaidCommand.ts"
import { ratesCommand } from "./ratesCommand.ts"
import { receiptCommand } from "./receiptCommand.ts"
import { reportCommand } from "./reportCommand.ts"
import { pullCommand, reconcileCommand } from "./slurmCommands.ts"
import { verifyCommand } from "./verifyCommand.ts"
import { closeYearCommand, impairCommand } from "./yearCommands.ts"

const command = hpcBilling.pipe(
  Command.withSubcommands([
    keysCommand,
    ratesCommand,
    ingestCommand,
    pullCommand,
    readingsCommand,
    rateCommand,
    billCommand,
    journalCommand,
    receiptCommand,
    impairCommand,
    closeCommand,
    reopenCommand,
    closeYearCommand,
    prepaidCommand,
    reportCommand,
    exportCommand,
    verifyCommand,
    auditCommand,
    explainCommand,
    estimateCommand,
    planCommand,
    reconcileCommand,
  ]),
)

Command.run(command, { version }).pipe(
  Effect.tapCause((cause) => {
    const error = Cause.findErrorOption(cause)
    const sentence = error._tag === "Some" ? sentenceOf(error.value) : null
    if (sentence !== null) return Console.error(sentence)
    return error._tag === "None" && !Cause.hasInterruptsOnly(cause)
      ? Console.error(`hpc-billing met a defect; please report it with this text.\n${Cause.pretty(cause)}`)
      : Effect.void
  }),
  Effect.provide(NodeServices.layer),
  (program) =>
    NodeRuntime.runMain(program, {
      disableErrorReporting: true,
      teardown: (exit, onExit) => onExit(exitCodeOf(exit as Exit.Exit<unknown, unknown>)),
    }),
)
