import { Worker } from "node:worker_threads"
import { Duration, Effect, Semaphore } from "effect"
import { ThreadFailure } from "./ThreadFailure.ts"

export interface ThreadOptions {
  /** The worker's file: TypeScript when run from source, JavaScript when built. */
  readonly file: URL
  readonly timeLimitSeconds: number
  readonly heapMebibytesMaximum: number
}

/**
 * A worker thread that answers questions one after the other, so that long work blocks nothing else. It is started by the first
 * question and kept for the next; it holds no process. A question that takes longer than the limit, or is interrupted, ends it.
 */
export const makeThread = <Question, Answer>({ file, timeLimitSeconds, heapMebibytesMaximum }: ThreadOptions) => {
  let idle: Worker | null = null

  const start = (): Worker =>
    new Worker(file, {
      // a worker that is run from source needs the other packages' source
      execArgv: file.pathname.endsWith(".ts") ? ["--conditions=@hpc-billing/source"] : [],
      resourceLimits: { maxOldGenerationSizeMb: heapMebibytesMaximum },
    })

  const take = (): Worker => {
    const worker = idle ?? start()
    idle = null
    worker.removeAllListeners()
    worker.ref()
    return worker
  }

  const keep = (worker: Worker): void => {
    const forget = (): void => {
      if (idle === worker) idle = null
    }
    worker.once("error", forget)
    worker.once("exit", forget)
    worker.unref()
    idle = worker
  }

  const askOne = (question: Question): Effect.Effect<Answer, ThreadFailure> =>
    Effect.callback<Answer, ThreadFailure>((resume) => {
      const worker = take()
      const finish = (effect: Effect.Effect<Answer, ThreadFailure>): void => {
        worker.removeAllListeners()
        resume(effect)
      }
      worker.once("message", (answer: Answer) => {
        finish(Effect.succeed(answer))
        keep(worker)
      })
      worker.once("error", (error: NodeJS.ErrnoException) => {
        const reason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "out-of-memory" : "ended"
        finish(Effect.fail(new ThreadFailure({ reason, detail: error.message })))
      })
      worker.once("exit", (code) => finish(Effect.fail(new ThreadFailure({ reason: "ended", detail: `exit code ${code}` }))))
      worker.postMessage(question)
      return Effect.promise(async () => {
        worker.removeAllListeners()
        await worker.terminate()
      })
    })

  const oneAtATime = Semaphore.makeUnsafe(1)

  return (question: Question): Effect.Effect<Answer, ThreadFailure> =>
    oneAtATime.withPermits(1)(
      askOne(question).pipe(
        Effect.timeoutOrElse({
          duration: Duration.seconds(timeLimitSeconds),
          orElse: () => Effect.fail(new ThreadFailure({ reason: "timed-out", detail: `${timeLimitSeconds} s` })),
        }),
      ),
    )
}
