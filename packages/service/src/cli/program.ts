import { Cause, Console, Effect } from "effect"
import { Command } from "effect/cli"
import { version } from "../version.ts"
import { hpcBilling } from "./CliContext.ts"
import { sentenceOf } from "./exitCode.ts"
import { explainCommand } from "./explainCommand.ts"
import { fateCommand } from "./fateCommand.ts"
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
    fateCommand,
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

/** Runs a command line, without the program's name; what it refuses is told on the error output and fails. */
export const runProgram = (line: readonly string[]) =>
  Command.runWith(command, { version })(line).pipe(
    Effect.tapCause((cause) => {
      const error = Cause.findErrorOption(cause)
      const sentence = error._tag === "Some" ? sentenceOf(error.value) : null
      if (sentence !== null) return Console.error(sentence)
      return error._tag === "None" && !Cause.hasInterruptsOnly(cause)
        ? Console.error(`hpc-billing met a defect; please report it with this text.\n${Cause.pretty(cause)}`)
        : Effect.void
    }),
  )
