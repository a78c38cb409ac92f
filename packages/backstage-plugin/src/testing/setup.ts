import "@testing-library/jest-dom/vitest"
import { cleanup, configure } from "@testing-library/react"
import { afterEach, vi } from "vitest"

// lazy pages load their code first
configure({ asyncUtilTimeout: 15_000 })

// what Backstage's test utilities and the charts expect of a browser
Object.assign(globalThis, { jest: vi })
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

afterEach(cleanup)
