/** Layout of the portal's pages over the host's design tokens; a host theme carries through. */
const css = `
.hb, .hb-sheet { --hb-quiet: var(--bui-fg-secondary); }
.hb { display: flex; align-items: flex-start; gap: 16px; color: var(--bui-fg-primary); font-family: var(--bui-font-regular); }
.hb:lang(th) { line-height: 1.7; }
.hb-main { container-type: inline-size; flex: 1 1 auto; min-width: 0; display: flex; flex-direction: column; gap: 16px; }
.hb-top { padding-top: 16px; }
.hb-page { padding: 20px 20px 48px; }
@media (max-width: 640px) {
  .hb-page { padding-inline: 16px; }
  .hb-top .bui-HeaderNav { overflow-x: auto; padding-bottom: 1px; }
  .hb-top .bui-HeaderNavItem { white-space: nowrap; }
}
.hb-bar > .hb-choose { flex: 1 1 130px; max-width: 190px; }
@container (max-width: 480px) { .hb-bar > .hb-choose { max-width: none; } .hb-bar > .hb-push { margin-left: 0; } }
.hb-grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); align-items: start; }
.hb-wide { display: grid; gap: 16px; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
@container (max-width: 900px) { .hb-wide { grid-template-columns: minmax(0, 1fr); } }
.hb-bar { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-end; }
.hb-bar > .hb-push { margin-left: auto; }
.hb-card-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; justify-content: space-between; }
.hb-card-head > .hb-head-actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-left: auto; }
.hb-card-head h2 { margin: 0; font-size: 15px; font-weight: 600; }
.hb-note { color: var(--hb-quiet); font-size: 12.5px; line-height: 1.45; margin: 0; }
.hb-sheet { container-type: inline-size; width: 100%; color: var(--bui-fg-primary); font-size: 14px; } .hb-sheet p { margin: 0; } .hb-sheet:lang(th) { line-height: 1.7; }
:is(.hb, .hb-sheet):lang(th) :is(.hb-note, .hb-sub) { line-height: 1.6; }
.hb-sentence { margin: 0; font-size: 19px; line-height: 1.5; font-weight: 400; }
.hb:lang(th) .hb-sentence { line-height: 1.75; }
.hb-sentence b { font-weight: 600; }
.hb-number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.hb-absent { color: var(--hb-quiet); }
.hb-scroll { overflow-x: auto; position: relative; }
.hb-scroll:focus-visible, .hb-amount:focus-visible { outline: 2px solid var(--bui-ring, #1f5493); outline-offset: 2px; border-radius: 3px; }
.hb-table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
.hb-table th, .hb-table td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--bui-border-1); vertical-align: top; font-weight: 400; }
.hb-table thead th { color: var(--hb-quiet); font-size: 12.5px; white-space: nowrap; vertical-align: bottom; }
.hb-table tbody th { font-weight: 600; }
.hb-table .hb-right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: 8px; }
.hb-table tr > :last-child { padding-right: 0; }
.hb-table tfoot th, .hb-table tfoot td { font-weight: 600; border-bottom: 0; }
.hb-table tbody tr:last-child > * { border-bottom: 0; }
.hb-table:has(tfoot) tbody tr:last-child > * { border-bottom: 1px solid var(--bui-border-1); }
@container (max-width: 560px) {
  .hb-stack :is(thead, td:empty) { display: none; }
  .hb-stack, .hb-stack :is(tbody, tfoot, tr, th, td) { display: block; }
  .hb-stack tr { padding: 8px 0; border-bottom: 1px solid var(--bui-border-1); }
  .hb-stack tr > :is(th, td) { border: 0; padding: 2px 0; }
  .hb-table.hb-stack tr > .hb-right { padding-left: 0; white-space: normal; }
  .hb-stack td { text-align: right; overflow: hidden; }
  .hb-stack td[data-label]::before { content: attr(data-label); float: left; padding-right: 12px; color: var(--hb-quiet); font-size: 12.5px; font-weight: 400; }
  .hb-stack th[scope='row'].hb-right { text-align: left; }
}
.hb-muted, .hb-muted th { color: var(--hb-quiet); }
.hb-selected > * { background: color-mix(in srgb, var(--bui-bg-solid) 10%, transparent); }
.hb-sub { display: block; color: var(--hb-quiet); font-size: 12px; line-height: 1.45; font-weight: 400; }
.hb-amount { appearance: none; border: 0; background: none; padding: 0; font: inherit; color: var(--hb-accent, #1f5493); cursor: pointer; font-variant-numeric: tabular-nums; text-decoration: underline; text-decoration-color: transparent; text-underline-offset: 3px; }
.hb-amount:hover { text-decoration-color: currentColor; }
[data-theme-mode='dark'] :is(.hb, .hb-sheet) { --hb-quiet: color-mix(in srgb, var(--bui-fg-primary) 78%, var(--bui-bg-neutral-1)); --hb-accent: #9cc3f5; --hb-up: #ff9c8f; --hb-down: #7fdca4; --hb-warn: #ffc069; --hb-series-1: #6ea8e8; --hb-series-quiet: #7d8896; }
.hb-chip { display: inline-flex; align-items: center; gap: 4px; border-radius: 999px; padding: 1px 9px; font-size: 12px; line-height: 20px; white-space: nowrap; border: 1px solid transparent; background: color-mix(in srgb, var(--bui-fg-secondary) 12%, transparent); }
.hb-bar > .hb-chip { white-space: normal; border-radius: 12px; }
.hb-chip-good { color: var(--hb-down, #0f5d34); background: color-mix(in srgb, #1aaf4f 14%, transparent); }
.hb-chip-bad { color: var(--hb-up, #9a1c12); background: color-mix(in srgb, #ec3b18 12%, transparent); }
.hb-chip-warn { color: var(--hb-warn, #7a4a00); background: color-mix(in srgb, #f18900 16%, transparent); }
.hb-chip-info { color: var(--hb-accent, #1f5493); background: color-mix(in srgb, #1f5493 12%, transparent); }
.hb-up { color: var(--hb-up, #9a1c12); }
.hb-down { color: var(--hb-down, #0f5d34); }
.hb-warn { color: var(--hb-warn, #7a4a00); }
.hb-drawer { flex: 0 0 420px; max-width: 100%; position: sticky; top: 16px; max-height: calc(100vh - 32px); overflow: auto; box-sizing: border-box; border: 1px solid var(--bui-border-1); border-radius: 8px; background: var(--bui-bg-neutral-1, #fff); padding: 16px 20px 24px; display: flex; flex-direction: column; gap: 16px; }
@media (max-width: 1100px) { .hb-drawer { position: fixed; inset: 0 0 0 auto; width: min(460px, 100%); max-height: none; z-index: 20; box-shadow: var(--bui-shadow); } }
.hb-drawer > * { flex-shrink: 0; }
.hb-drawer h2, .hb-drawer h3 { margin: 0; } .hb-drawer h2 { font-size: 16px; } .hb-drawer h3 { font-size: 13px; }
.hb-drawer-head { display: flex; justify-content: space-between; align-items: flex-start; gap: 12px; }
.hb-big { font-size: 26px; font-weight: 600; font-variant-numeric: tabular-nums; margin: 0; }
.hb-facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 16px; margin: 0; font-size: 13px; }
.hb-facts dd.hb-number { white-space: normal; }
:is(.hb, .hb-sheet) :is(.bui-FieldDescription, .bui-FieldSecondaryLabel) { color: var(--hb-quiet); }
.hb-facts dt { color: var(--hb-quiet); } .hb-facts dd { margin: 0; overflow-wrap: anywhere; }
.hb-code { font-family: var(--bui-font-monospace); font-size: 12px; overflow-wrap: anywhere; }
.hb-pre { font-family: var(--bui-font-monospace); font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; background: color-mix(in srgb, var(--bui-fg-secondary) 8%, transparent); padding: 10px 12px; border-radius: 6px; }
.hb-steps { margin: 0; padding-left: 18px; display: flex; flex-direction: column; gap: 8px; font-size: 13px; }
.hb-steps b { font-weight: 600; display: block; }
.hb-board { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); list-style: none; margin: 0; padding: 0; gap: 12px; }
.hb-board li { border-left: 3px solid var(--bui-border-1); padding: 2px 12px; }
.hb-board .hb-step-done { border-color: #1aaf4f; } .hb-board .hb-step-blocked { border-color: #f18900; } .hb-board .hb-step-now { border-color: #1f5493; }
:is(.hb, .hb-sheet) h3.hb-note { margin: 0 0 4px; }
.hb-board strong { display: block; font-size: 14px; }
.hb-tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 16px; margin: 0; }
.hb-tiles dt { color: var(--hb-quiet); font-size: 12.5px; } .hb-tiles dd { margin: 0; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; }
.hb-tiles dd small { display: block; font-size: 12.5px; font-weight: 400; }
.hb-todo { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 6px; font-size: 13.5px; }
.hb-list { margin: 0; padding-left: 18px; display: flex; flex-direction: column; gap: 6px; font-size: 13.5px; }
.hb-prices { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); align-items: end; } .hb-price { text-align: right; } .hb-price input { text-align: right; font-variant-numeric: tabular-nums; }
.hb-price-changed input { background: color-mix(in srgb, #1f5493 12%, transparent); font-weight: 600; }
.hb-progress { width: 160px; accent-color: var(--hb-series-1, #1f5493); vertical-align: middle; }
.hb-date { display: flex; flex-direction: column; gap: 6px; font-size: 12px; } .hb-date input { font: inherit; font-size: 14px; height: 32px; padding: 0 10px; box-sizing: border-box; border: 1px solid var(--bui-border-1); border-radius: 6px; background: var(--bui-bg-neutral-2, #fff); color: inherit; color-scheme: light; }
[data-theme-mode='dark'] .hb-date input { color-scheme: dark; }
.hb-date input:focus-visible { outline: 2px solid var(--bui-ring, #1f5493); outline-offset: 2px; }
.hb-bar > .bui-TextField { flex: 0 1 200px; }
.hb-fields { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); align-items: start; }
.hb details > .hb-grid { margin-top: 12px; }
[class*='bui-Alert'] .hb-sub { color: inherit; }
.hb-editor textarea { font-family: var(--bui-font-monospace); font-size: 12.5px; line-height: 1.5; }
.hb-share { display: inline-block; width: 72px; height: 6px; border-radius: 3px; background: color-mix(in srgb, var(--bui-fg-secondary) 16%, transparent); vertical-align: middle; overflow: hidden; }
.hb-share > span { display: block; height: 100%; background: var(--hb-series-1, #1f5493); }
.hb-legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 12.5px; margin: 0; padding: 0; list-style: none; }
:is(.hb-legend, .hb-hover) span { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
.hb-hover { padding: 8px 12px; border: 1px solid var(--bui-border-1); border-radius: 6px; background: var(--bui-bg-neutral-1, #fff); font-size: 13px; } .hb-hover :is(p, dl, dd) { margin: 0; } .hb-hover p { font-weight: 600; }
.hb-hover dl > div { display: flex; justify-content: space-between; gap: 16px; } .hb-hover dd { font-variant-numeric: tabular-nums; white-space: nowrap; }
.hb-chart { width: 100%; height: 220px; }
.hb-state { display: flex; flex-direction: column; gap: 10px; align-items: flex-start; padding: 12px 0; }
.hb-state h2, .hb-state h3 { margin: 0; font-size: 16px; } .hb-state p { margin: 0; }
.hb details > summary { cursor: pointer; color: var(--hb-quiet); font-size: 12.5px; }
:is(.hb, .hb-sheet) a { color: var(--hb-accent, #1f5493); }
`

export const Styles = () => <style>{css}</style>
