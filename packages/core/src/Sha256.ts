/** The hash function that a host lends to pure code: SHA-256 of the bytes as 64 lower-case hex digits. */
export type Sha256 = (bytes: Uint8Array) => string
