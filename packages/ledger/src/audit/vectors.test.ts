import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { cryptography, grow, macKey, origin, publicKey, seedOf, trust } from "../../test/chains.ts"
import { hex } from "../bytes.ts"
import { auditLogText } from "./auditLog.ts"
import { evolveMacKey, genesis } from "./ChainHead.ts"
import { addLeaf, type CompactRange, rootOf } from "./CompactRange.ts"
import { leafOf } from "./sealRecord.ts"
import { witnessLineOfCheckpoint, witnessLineOfHead } from "./Witness.ts"

const example = fileURLToPath(new URL("../../../../examples/verify-offline/", import.meta.url))
const { records, heads } = grow([3, "checkpoint", 2, "rotate", 3, "checkpoint", 1])
const log = auditLogText({ chain: 1, origin, publicKey }, records)
const witness = [...heads.map(witnessLineOfHead), ...records.filter(({ kind }) => kind === "checkpoint").map(witnessLineOfCheckpoint)].join(
  "",
)

test("the published vectors, log and witness are what the code computes", async () => {
  let range: CompactRange = []
  const vectors = {
    origin,
    chain: 1,
    keys: [0, 1].map((epoch) => ({
      epoch,
      macKey: hex(epoch === 0 ? macKey : evolveMacKey(cryptography, macKey)),
      signingSeed: hex(seedOf(epoch)),
      publicKey: hex(cryptography.ed25519PublicKey(seedOf(epoch))),
    })),
    publicKeyFingerprint: trust.publicKeyFingerprint,
    genesisLink: hex(genesis(cryptography, 1, origin, publicKey).link),
    records: records.map((record) => {
      const leaf = leafOf(cryptography, record)
      range = addLeaf(cryptography, range, record.sequence - 1n, leaf)
      return {
        sequence: record.sequence.toString(),
        epoch: record.epoch,
        atMicroseconds: record.atMicroseconds.toString(),
        kind: record.kind,
        payload: hex(record.payload),
        leaf: hex(leaf),
        link: hex(record.link),
        tag: hex(record.tag),
        root: hex(rootOf(cryptography, range)),
      }
    }),
  }
  await expect(`${JSON.stringify(vectors, null, 2)}\n`).toMatchFileSnapshot(join(example, "audit-chain.golden.json"))
  await expect(log).toMatchFileSnapshot(join(example, "audit-log.jsonl"))
  await expect(witness).toMatchFileSnapshot(join(example, "witness.jsonl"))
})

test("the tree is that of RFC 9162: roots of one to eight leaves", () => {
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
  const roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]
  let range: CompactRange = []
  leaves.forEach((leaf, index) => {
    const bytes = Uint8Array.from(Buffer.from(`00${leaf}`, "hex"))
    range = addLeaf(cryptography, range, BigInt(index), cryptography.sha256(bytes))
    expect(hex(rootOf(cryptography, range))).toBe(roots[index])
  })
})
