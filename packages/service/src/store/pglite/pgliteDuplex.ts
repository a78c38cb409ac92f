import { Duplex } from "node:stream"
import { setImmediate } from "node:timers/promises"
import type { PGlite } from "@electric-sql/pglite"

const sslRequest = 80_877_103
const cancelRequest = 80_877_102
const terminate = 0x58
/** Sync, Query, Flush, and the answer to a password request: after these the server answers. */
const answered = new Set([0x53, 0x51, 0x48, 0x70])

/** An in-process PGlite as the socket of a PostgreSQL server: the same driver, codecs and errors, and no socket. */
export const pgliteDuplex = (pglite: PGlite): Duplex => {
  let pending: Buffer = Buffer.alloc(0)
  let started = false
  let tail: Promise<void> = Promise.resolve()

  const send = (bytes: Buffer, duplex: Duplex): Promise<void> => {
    tail = tail
      .then(() =>
        pglite.runExclusive(() =>
          pglite.execProtocolRawStream(new Uint8Array(bytes), {
            onRawData: (answer) => {
              duplex.push(Buffer.from(answer))
            },
          }),
        ),
      )
      // the database runs on this very thread: between two statements everybody else has their turn
      .then(() => setImmediate())
      .catch((error: Error) => {
        duplex.destroy(error)
      })
    return tail
  }

  /** Length of the whole messages at the front that end in one the server answers; `closing` when a Terminate is among them. */
  const readyLength = (): { readonly length: number; readonly closing: boolean } => {
    let at = 0
    let length = 0
    while (pending.length - at >= 5) {
      const end = at + 1 + pending.readInt32BE(at + 1)
      if (end > pending.length) break
      const type = pending[at] as number
      if (type === terminate) return { length, closing: true }
      at = end
      if (answered.has(type)) length = at
    }
    return { length, closing: false }
  }

  return new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      if (!started) {
        if (pending.length < 8 || pending.length < pending.readInt32BE(0)) return done()
        const length = pending.readInt32BE(0)
        const code = pending.readInt32BE(4)
        const message = pending.subarray(0, length)
        pending = pending.subarray(length)
        if (code === sslRequest) {
          this.push(Buffer.from("N"))
          return done()
        }
        if (code === cancelRequest) {
          this.push(null)
          this.destroy()
          return done()
        }
        started = true
        void send(message, this)
      }
      const { length, closing } = readyLength()
      const bytes = pending.subarray(0, length)
      pending = closing ? Buffer.alloc(0) : pending.subarray(length)
      const sent = length > 0 ? send(bytes, this) : tail
      if (closing) void sent.then(() => this.push(null))
      if (length === 0 || closing) return done()
      void sent.then(() => done())
    },
    final(done) {
      void tail.then(() => done())
    },
  })
}
