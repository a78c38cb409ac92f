import type { Witness } from "../audit/Witness.ts"

/** What the verifier brings with it; what is left out cannot be proven and is listed as such. */
export interface ExportTrust {
  /** Fingerprint of the key that signs exports. */
  readonly publicKeyFingerprint?: string
  readonly hmacKey?: Uint8Array
  readonly chain?: { readonly publicKeyFingerprint: string; readonly macKey?: Uint8Array; readonly witness?: Witness }
}
