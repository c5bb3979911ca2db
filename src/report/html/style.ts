/** The page's style sheet. Every text reaches a contrast of 4.5 with what is behind it, in light and in dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f8fa; --paper: #ffffff; --ink: #1f2328; --faint: #57606a; --line: #d0d7de; --link: #0550ae;
  --bad: #a40e26; --bad-paper: #ffebe9; --warn: #7d4e00; --warn-paper: #fff5d6;
  --info: #0550ae; --info-paper: #e6f1fd; --good: #116329; --good-paper: #e4f7e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --paper: #161b22; --ink: #e6edf3; --faint: #9da7b3; --line: #3d444d; --link: #79c0ff;
    --bad: #ffb1ab; --bad-paper: #471a1d; --warn: #f2cc60; --warn-paper: #3b2a05;
    --info: #a5d1ff; --info-paper: #12304f; --good: #7ee295; --good-paper: #12361f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; padding: 8px 12px; background: var(--paper); z-index: 1; }
header, main, footer { max-width: 1200px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; }
h2 { font-size: 1.4rem; margin: 44px 0 12px; }
h3 { font-size: 1.05rem; }
section > h3 { margin: 28px 0 8px; }
h4 { margin: 26px 0 0; }
h3 + h4 { margin-top: 0; }
.tool { margin: 0 0 12px; color: var(--faint); font-weight: 600; letter-spacing: .01em; }
.verdict { border-left: 8px solid; border-radius: 10px; padding: 20px 24px; }
.verdict h1 { font-size: clamp(1.7rem, 5vw, 2.6rem); }
.verdict p { margin: 8px 0 0; color: var(--ink); font-size: 1.1rem; }
.bad { color: var(--bad); background: var(--bad-paper); }
.warn { color: var(--warn); background: var(--warn-paper); }
.info { color: var(--info); background: var(--info-paper); }
.good { color: var(--good); background: var(--good-paper); }
.verdict, .card { border-color: currentColor; }
.counts { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; padding: 0; margin: 16px 0 0; }
.badge {
  display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: .9rem; font-weight: 600;
  white-space: nowrap; border: 1px solid currentColor;
}
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 16px 0 0; list-style: none; }
.cards { display: grid; gap: 14px; padding: 0; margin: 0; list-style: none; }
.card { border: 1px solid; border-left-width: 6px; border-radius: 8px; padding: 14px 18px; background: var(--paper); }
.card h3, .card p, .card dl { color: var(--ink); }
.card p { margin: 8px 0 0; max-width: 90ch; }
.of { font-weight: 400; color: var(--faint); }
.card .fails { color: var(--bad); font-weight: 600; }
dl { margin: 10px 0 0; font-size: .92rem; }
dl > div { display: grid; grid-template-columns: minmax(5.5rem, 11rem) 1fr; gap: 0 12px; padding: 2px 0; }
dt { color: var(--faint); }
dd { margin: 0; }
.paper { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 4px 22px 22px; margin-top: 40px; }
.paper > h2 { margin-top: 18px; }
.sources { margin: 0; color: var(--faint); }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
caption { text-align: left; padding: 10px 14px; color: var(--faint); }
th, td { padding: 8px 14px; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { color: var(--faint); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; min-width: 8rem; max-width: 24rem; }
td > small:only-of-type, td small, th small { font-weight: 400; color: var(--faint); font-size: .84em; }
td .badge + small { display: block; margin-top: 4px; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 14px; margin: 0; padding: 0; list-style: none; }
.figures > li { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; background: #ffffff; }
.figures svg { display: block; width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { .figures > li { background: #0d1117; } }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 12px; padding: 0; margin: 10px 0 0; list-style: none; }
.samples.pairs { grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); }
figure { margin: 0; }
.pair { display: flex; gap: 6px; }
.pair > * { flex: 1 1 0; min-width: 0; }
.samples img, .blank { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 6px; background: var(--page); border: 1px solid var(--line); }
.samples img { image-rendering: pixelated; }
.blank { display: grid; place-items: center; color: var(--faint); font-size: .8rem; padding: 4px; text-align: center; }
figcaption { font-size: .82rem; line-height: 1.35; margin-top: 4px; color: var(--faint); }
figcaption bdi { color: var(--ink); }
details { margin-top: 20px; border-top: 1px solid var(--line); padding-top: 12px; }
summary { cursor: pointer; font-weight: 600; }
.note { color: var(--faint); max-width: 75ch; margin: 4px 0 8px; }
.warnings { padding-left: 20px; max-width: 80ch; }
.problem { border-radius: 8px; padding: 12px 16px; margin: 14px 0; }
footer { color: var(--faint); font-size: .88rem; padding-top: 32px; padding-bottom: 48px; }
@media (max-width: 600px) {
  header, main, footer { padding-left: 12px; padding-right: 12px; }
  .paper { padding: 2px 12px 16px; }
  .verdict { padding: 14px 16px; }
  th, td { padding: 7px 8px; }
  tbody th { min-width: 6.5rem; }
  dl > div { grid-template-columns: 1fr; padding: 4px 0; }
  .samples { grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); }
}
@media print { .skip, nav { display: none; } .scroll { overflow: visible; } }
`;
