import { expect, test } from "vitest"
import { defaultChart } from "./Chart.ts"
import { chartFromJson, chartToJson } from "./chartJson.ts"

const text = chartToJson(defaultChart)

test("a chart reads back the same, a closed account too", () => {
  expect(chartFromJson(chartToJson(defaultChart))).toEqual(defaultChart)
  const closed = { accounts: defaultChart.accounts.map((account) => ({ ...account, open: false })) }
  expect(chartFromJson(chartToJson(closed))).toEqual(closed)
})

test("each type of account is written as it is called", () => {
  expect(chartToJson({ accounts: defaultChart.accounts.slice(0, 1) })).toBe(
    '{"accounts":[{"id":"1000","name":"Cash and bank","nameThai":"เงินสดและเงินฝากธนาคาร","open":true,"type":"asset"}]}\n',
  )
})

test("text that is no chart in canonical form is none", () => {
  const wrong = [
    "",
    "nonsense",
    "null\n",
    "{}\n",
    '{"accounts":7}\n',
    '{"accounts":[null]}\n',
    text.trimEnd(),
    ` ${text}`,
    text.replace("{", '{"more":1,'),
    text.replace('"id":"1100",', ""),
    text.replace('"id":"1100"', '"id":1100'),
    text.replace('"name":"Cash and bank"', '"name":null'),
    text.replace(/"nameThai":"[^"]*"/, '"nameThai":null'),
    text.replace('"open":true', '"open":"true"'),
    text.replace('"type":"equity"', '"type":"other"'),
    text.replace('"type":"equity"', '"type":null'),
  ]
  expect(wrong.map(chartFromJson)).toEqual(wrong.map(() => null))
})
