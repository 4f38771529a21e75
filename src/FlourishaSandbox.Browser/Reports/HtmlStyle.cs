namespace FlourishaSandbox.Browser.Reports;

/// <summary>How the report looks: on a phone and on a wide screen, light and dark, on paper, and for those who use the keyboard.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet.</summary>
    public const string Text = """

        :root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --passed: #1a7f37; --failed: #c4202c; --skipped: #7a5b00; --passed-soft: #e6f4ea; --failed-soft: #fdeaec; --skipped-soft: #fff5d6; --link: #0b57c4; }
        @media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #181c22; --ink: #e8ebef; --soft: #9aa5b1; --line: #2d343d; --passed: #4cc26a; --failed: #ff7b80; --skipped: #dcb23c; --passed-soft: #14301d; --failed-soft: #3a181c; --skipped-soft: #332a0e; --link: #7fb2ff; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
        header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 16px; }
        header { padding-top: 24px; }
        h1 { margin: 8px 0 0; font-size: clamp(1.5rem, 5vw, 2.1rem); line-height: 1.2; }
        h2 { margin: 32px 0 8px; font-size: 1.15rem; }
        h2.run { margin-top: 40px; font-size: 1.4rem; }
        h3 { margin: 24px 0 8px; font-size: 1.05rem; }
        p { margin: 4px 0; }
        a { color: var(--link); }
        code { font: 0.875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .muted, .time { color: var(--soft); }
        .words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .verdict { display: inline-flex; align-items: center; gap: 8px; margin: 0; padding: 4px 14px 4px 8px; border-radius: 999px; font-weight: 600; }
        header.passed .verdict { background: var(--passed-soft); color: var(--passed); }
        header.failed .verdict { background: var(--failed-soft); color: var(--failed); }
        header.skipped .verdict { background: var(--skipped-soft); color: var(--skipped); }
        .mark { flex: none; display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 50%; color: var(--card); font-size: 12px; font-weight: 700; line-height: 1; }
        .passed > .mark, .passed > summary > .mark, .passed > .line > .mark, header.passed .mark { background: var(--passed); }
        .failed > .mark, .failed > summary > .mark, .failed > .line > .mark, header.failed .mark { background: var(--failed); }
        .skipped > .mark, .skipped > summary > .mark, .skipped > .line > .mark, header.skipped .mark { background: var(--skipped); }
        .passed > summary > .mark::after, .passed > .line > .mark::after, header.passed .mark::after { content: "\2713"; }
        .failed > summary > .mark::after, .failed > .line > .mark::after, header.failed .mark::after { content: "\2715"; }
        .skipped > summary > .mark::after, .skipped > .line > .mark::after, header.skipped .mark::after { content: "\2013"; }
        .bar { display: flex; gap: 2px; height: 8px; margin: 16px 0 8px; border-radius: 4px; overflow: hidden; }
        .bar.many { gap: 0; }
        .bar i { flex: 1 1 0; min-width: 0; }
        .bar .passed { background: var(--passed); } .bar .failed { background: var(--failed); } .bar .skipped { background: var(--skipped); }
        .counts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; }
        .counts div { display: flex; gap: 6px; align-items: baseline; flex-direction: row-reverse; }
        .counts dd { margin: 0; font-weight: 700; }
        .counts dt { color: var(--soft); }
        .counts .failed dd { color: var(--failed); } .counts .passed dd { color: var(--passed); } .counts .skipped dd { color: var(--skipped); }
        .failures { margin-top: 24px; padding: 12px 16px; border: 1px solid var(--failed); border-radius: 12px; background: var(--card); }
        .failures h2 { margin: 0 0 4px; color: var(--failed); }
        .failures ul { margin: 0; padding: 0; list-style: none; }
        .failures li { padding: 8px 0; border-top: 1px solid var(--line); }
        .failures li:first-child { border-top: 0; }
        .failures a { font-weight: 600; }
        .card { margin: 8px 0; border: 1px solid var(--line); border-radius: 12px; background: var(--card); scroll-margin-top: 16px; }
        .card.failed { border-color: var(--failed); }
        .card > summary { display: flex; align-items: center; gap: 10px; padding: 12px 14px; cursor: pointer; list-style: none; border-radius: 12px; }
        .card > summary::-webkit-details-marker, .shot > summary::-webkit-details-marker { display: none; }
        .card > summary .name { font-weight: 600; min-width: 0; }
        .card > summary .time { margin-left: auto; white-space: nowrap; font-size: 0.875rem; }
        .card > summary::after { content: ""; flex: none; width: 8px; height: 8px; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); margin: 0 4px 0 2px; }
        .card[open] > summary::after { transform: rotate(45deg) translate(-2px, -2px); }
        .tag { max-width: 12em; overflow: hidden; text-overflow: ellipsis; padding: 0 8px; border: 1px solid var(--line); border-radius: 999px; color: var(--soft); font-size: 0.8rem; white-space: nowrap; }
        .where { display: inline-block; padding: 0 8px; border-radius: 6px; background: var(--page); color: var(--soft); font-size: 0.8125rem; }
        .body { padding: 0 14px 12px; }
        .result { padding: 10px 0 2px; border-top: 1px solid var(--line); }
        .result .line { display: flex; align-items: center; gap: 8px; }
        .result .line .time { font-size: 0.875rem; }
        .result .mark { width: 16px; height: 16px; font-size: 10px; }
        .message { margin: 6px 0; padding: 8px 12px; border-radius: 8px; background: var(--page); white-space: pre-wrap; }
        .result.failed .message { background: var(--failed-soft); }
        .more { margin: 4px 0; }
        .more > summary { cursor: pointer; color: var(--soft); font-size: 0.875rem; padding: 4px 0; }
        .steps { margin: 0 0 8px; padding: 0; list-style: none; counter-reset: step; font-size: 0.9375rem; }
        .steps li { position: relative; padding: 2px 0 2px 26px; counter-increment: step; }
        .steps li::before { position: absolute; left: 2px; font-weight: 700; }
        .steps .passed::before { content: "\2713"; color: var(--passed); }
        .steps .failed { color: var(--failed); font-weight: 600; }
        .steps .failed::before { content: "\2715"; color: var(--failed); }
        .steps .skipped { color: var(--soft); }
        .steps .skipped::before { content: "\2013"; color: var(--soft); }
        .steps .time { font-size: 0.8125rem; font-weight: 400; }
        .files { margin: 0 0 8px; padding-left: 20px; font-size: 0.9375rem; }
        .pictures { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; padding: 4px 0 14px; }
        figure { margin: 0; max-width: 100%; display: flex; flex-direction: column; gap: 6px; }
        figure:has(.shot[open]) { width: 100%; }
        figcaption { color: var(--soft); font-size: 0.875rem; }
        .shot > summary { display: block; cursor: zoom-in; list-style: none; }
        .evidence .shot img { border-color: var(--failed); }
        .shot[open] > summary { cursor: zoom-out; }
        .shot img { display: block; border: 1px solid var(--line); border-radius: 8px; background: var(--page); width: auto; height: auto; max-width: 100%; max-height: 380px; }
        .shot.wide img { max-width: min(100%, 520px); }
        .shot[open] img { max-width: 100%; max-height: none; }
        .absent { padding: 24px; border: 1px dashed var(--line); border-radius: 8px; color: var(--soft); }
        footer { padding: 32px 16px 40px; color: var(--soft); font-size: 0.875rem; }
        summary:focus-visible, a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        @media (max-width: 560px) { .pictures { flex-direction: column; align-items: center; } figcaption { text-align: center; } .card > summary .tag { display: none; } .shot img { max-height: 70vh; } .shot[open] img { max-height: none; } }
        @media print { body { background: none; } .card, figure { break-inside: avoid; } }

        """;
}
