import { parentPort } from "node:worker_threads"
import { checkDraft } from "./checkDraft.ts"
import type { DraftQuestion } from "./Draft.ts"

parentPort?.on("message", (question: DraftQuestion) => parentPort?.postMessage(checkDraft(question)))
