/**
 * The style sheet of the report's page: system fonts, light and dark by the reader's choice, one column on a phone.
 * The four colours of threads differ in lightness too, for who sees colours alike, and for print.
 */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2430; --soft: #566173; --line: #d9dee6; --ground: #eceff4;
  --once: #1f5fb4; --later: #74aee8; --never: #d9822b; --withdrawn: #9aa3b0; --missed: #7a4fb0; --plain: #5c6b80; --box: #f6f8fb; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e7ebf1; --soft: #a3aebd; --line: #313947;
  --ground: #252c37; --once: #4f93ea; --later: #a9cff7; --never: #f0a04b; --withdrawn: #6f7988; --missed: #b595ea; --plain: #8fa0b7; --box: #1b212a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.0625rem; margin: 1.75rem 0 .6rem; color: var(--soft); }
p { margin: .35rem 0; }
.lead, .note, .about { color: var(--soft); }
.note, .legend { font-size: .875rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0; padding: 0; }
.figures div { background: var(--box); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem .9rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.figures dt { color: var(--soft); font-size: .875rem; line-height: 1.35; }
.figures dd { margin: 0; font-size: 1.9rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.bars, .legend, .examples { list-style: none; margin: .75rem 0; padding: 0; }
.bars li { margin: 0 0 .8rem; break-inside: avoid; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin: 0 0 .2rem; }
.label { overflow-wrap: anywhere; font-weight: 550; }
.value { color: var(--soft); font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; height: .75rem; border-radius: .25rem; }
.bars .note { margin: .15rem 0 0; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: .45rem; }
.key { width: .8rem; height: .8rem; flex: none; }
.ground { fill: var(--ground); } .once { fill: var(--once); } .later { fill: var(--later); } .never { fill: var(--never); }
.withdrawn { fill: var(--withdrawn); } .missed { fill: var(--missed); } .plain { fill: var(--plain); }
.reason { margin: 0 0 1.4rem; break-inside: avoid; }
.examples { margin: .4rem 0 0; padding-left: .9rem; border-left: 3px solid var(--line); font-size: .9rem; }
.examples li { margin: .35rem 0; overflow-wrap: anywhere; }
.examples .place { display: block; color: var(--soft); font-size: .8125rem; }
.hint { background: var(--box); border: 1px solid var(--line); border-left: 4px solid var(--never); border-radius: .25rem; padding: .6rem .9rem; overflow-wrap: anywhere; }
details summary { cursor: pointer; padding: .4rem 0; color: var(--soft); }
footer { margin-top: 3rem; color: var(--soft); font-size: .875rem; }
@media print { main { padding: 0; max-width: none; } svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`
