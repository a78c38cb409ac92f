export { addMonths, isMonth, lastDayOf, type Month, monthOf, monthWindow } from "./Month.ts"
export { overlap, type Window, windowSeconds } from "./Window.ts"
export { instantOfLocal, isZone, type LocalTime, localDate, localTime } from "./zone.ts"
