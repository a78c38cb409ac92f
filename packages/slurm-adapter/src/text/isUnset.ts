/**
 * Slurm's words for "not set": NO_VAL, INFINITE and MAX_VAL of 32 and of 64 bits; and all that 64 bits hold from 2^63 up, which is a negative
 * number that wrapped. None of them is a quantity. No field that a record is made of is 16 bits wide.
 */
export const isUnset = (value: bigint | number): boolean => (value >= 0xfffffffd && value <= 0xffffffff) || isWrapped(value)

/** The same of amounts that Slurm keeps in 64 bits alone, such as bytes of memory. */
export const isWrapped = (value: bigint | number): boolean => value >= 2 ** 63 && value <= 2 ** 64

/** No number below it is unset, which spares inner loops the question. */
export const unsetFrom = 0xfffffffd

/** `isUnset` of text that is all digits. */
export const isUnsetText = (text: string): boolean => /^\d{10,20}$/.test(text) && isUnset(BigInt(text))
