export { type AllocationShare, allocate } from "./allocate.ts"
export { type Currency, formatMinor } from "./Currency.ts"
export {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimal,
  decimalZero,
  formatDecimal,
  multiplyDecimals,
  normaliseDecimal,
  parseDecimal,
  rescaleExact,
  subtractDecimals,
} from "./Decimal.ts"
export { divide, divideExact, divideFloor, divideHalfUp, type Rounding } from "./divide.ts"
export { type ExactAmount, roundAndAllocate } from "./roundAndAllocate.ts"
