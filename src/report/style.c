/* See style.h.  One column of text, tables and small multiples; one accent colour for what is shown and one for the
 * base (Okabe and Ito's blue and a darker vermilion, which colour-blind readers tell apart; the base is dashed, too). */
#include "report/style.h"

#include <stddef.h>

const char *const pl_report_style[] = {
    ":root{--ink:#1b2330;--soft:#566072;--line:#d9dee6;--pale:#f5f7fa;--blue:#0072b2;--deep:#00466e;--base:#b34700;"
    "color-scheme:light}\n",
    "*{box-sizing:border-box}\n",
    "html{font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:var(--ink);"
    "background:#fff;-webkit-text-size-adjust:100%}\n",
    "body{margin:0}\n",
    ".page{max-width:72rem;margin:0 auto;padding:1.5rem 1.5rem 4rem}\n",
    "#to-en:checked~.page [lang=es],#to-es:checked~.page [lang=en]{display:none}\n",
    /* the language switch: radio buttons, seen as two tabs */
    ".switch{position:absolute;opacity:0;width:1px;height:1px}\n",
    ".languages{max-width:72rem;margin:0 auto;padding:1rem 1.5rem 0;display:flex;"
    "justify-content:flex-end;gap:.25rem}\n",
    ".languages label{padding:.2rem .75rem;border:1px solid var(--line);border-radius:1rem;font-size:.875rem;"
    "color:var(--soft);cursor:pointer}\n",
    "#to-en:checked~.languages [for=to-en],#to-es:checked~.languages [for=to-es]{background:var(--deep);color:#fff;"
    "border-color:var(--deep)}\n",
    "#to-en:focus-visible~.languages [for=to-en],#to-es:focus-visible~.languages [for=to-es]{outline:3px solid "
    "var(--blue);outline-offset:2px}\n",
    /* text */
    "h1{font-size:clamp(1.75rem,5vw,2.75rem);line-height:1.15;margin:.1rem 0 .75rem;letter-spacing:-.015em;"
    "max-width:24em;text-wrap:balance}\n",
    "h2{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;letter-spacing:-.01em}\n",
    "h3{font-size:1.0625rem;line-height:1.35;margin:2rem 0 .1rem}\n",
    "p,ul,dl{margin:.5rem 0}\n",
    "p,li{max-width:46rem}\n",
    "section{margin-top:3rem;padding-top:1.5rem;border-top:1px solid var(--line)}\n",
    ".kind{margin:0;color:var(--blue);font-size:.8125rem;font-weight:650;letter-spacing:.08em;"
    "text-transform:uppercase}\n",
    ".lede{font-size:1.125rem;color:var(--ink)}\n",
    ".note,.units,.source{color:var(--soft);font-size:.875rem;margin:.1rem 0}\n",
    "nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none;font-size:.9375rem}\n",
    "a{color:var(--blue);text-underline-offset:.15em}\n",
    "#reading li{margin:.35rem 0}\n",
    /* tables */
    ".scroll{overflow-x:auto;margin:.5rem 0 0}\n",
    ".scroll:focus-visible{outline:3px solid var(--blue);outline-offset:2px}\n",
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9375rem}\n",
    "caption{text-align:left;color:var(--soft);font-size:.875rem;padding:0 0 .4rem}\n",
    "th,td{padding:.45rem .9rem .45rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}\n",
    "thead th{font-size:.8125rem;font-weight:600;color:var(--soft);border-bottom:2px solid var(--line);"
    "vertical-align:bottom}\n",
    "tbody th{font-weight:550;min-width:9rem}\n",
    "td .main,td.main{white-space:nowrap;font-weight:600}td .main,td .more{display:block}\n",
    "td .more,td.more{color:var(--soft);font-size:.8125rem;white-space:nowrap}td.more{padding-top:.55rem}\n",
    ".tag{display:none}th .note{font-weight:400}\n",
    ".scroll th:first-child{position:sticky;left:0;background:#fff}\n",
    "tr.is-base{background:var(--pale)}\n",
    ".outcomes th:first-child{width:25%}.outcomes td.drawn{width:19%;padding-right:0}\n",
    ".mark{display:inline-block;padding:0 .45rem;border:1px solid #9a5b00;border-radius:.7rem;color:#7a4700;"
    "font-size:.75rem;line-height:1.4;white-space:nowrap}\n",
    /* figures */
    ".fans{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1.25rem 1.5rem;"
    "margin-top:.75rem}\n",
    "summary{cursor:pointer;margin-top:1.25rem;padding:.35rem 0;border-top:1px solid var(--line)}\n",
    "details:not([open]) summary{margin-top:.25rem;padding-bottom:0}\n",
    "summary h3{display:inline;margin:0}summary .units{display:inline;margin-left:.5rem}\n",
    "summary:focus-visible{outline:3px solid var(--blue);outline-offset:2px}\n",
    "figure{margin:0;break-inside:avoid;display:flex;flex-direction:column}\n",
    "figcaption{font-size:.8125rem;color:var(--soft);line-height:1.4}\n",
    "figcaption b{display:block;color:var(--ink);font-size:.9375rem;font-weight:600}\n",
    "svg.fan{display:block;width:100%;height:auto;margin-top:auto;padding-top:.25rem}\n",
    "svg.strip{display:block;width:100%;min-width:7rem;max-width:20rem;height:auto}\n",
    ".tick{font-size:22px;fill:var(--soft)}\n",
    ".grid{stroke:var(--ink);stroke-opacity:.09;stroke-width:2}.axis{stroke:var(--soft);stroke-width:2}\n",
    ".band90{fill:#d3e6f3}.band50{fill:#9fcae6}\n",
    ".path{fill:none;stroke:#33475f;stroke-width:1.4;stroke-opacity:.38}\n",
    ".median{fill:none;stroke:var(--deep);stroke-width:4.8;stroke-linejoin:round}\n",
    ".base{fill:none;stroke:var(--base);stroke-width:3.6;stroke-dasharray:10 8}\n",
    ".begin{stroke:var(--soft);stroke-width:2;stroke-dasharray:3 6}\n",
    ".key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none;font-size:.8125rem;"
    "color:var(--soft)}\n",
    ".key svg{width:28px;height:12px;vertical-align:middle;margin-right:.25rem}\n",
    ".zero{stroke:var(--ink);stroke-opacity:.55}.span{fill:#a9cfe8}.sure{fill:var(--deep)}.dot{fill:var(--deep);"
    "stroke:#fff;stroke-width:1.5}\n",
    /* the game */
    ".equilibrium{border-left:3px solid var(--blue);padding-left:1rem;margin:1.25rem 0}\n",
    ".equilibrium h3{margin-top:0}\n",
    ".actors{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:.5rem 2rem}\n",
    ".actors ul{padding-left:1.1rem;margin:.25rem 0}\n",
    "footer{margin-top:3rem;color:var(--soft);font-size:.875rem}\n",
    "@media (max-width:56rem){.outcomes thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;"
    "overflow:hidden}.outcomes,.outcomes tbody,.outcomes caption{display:block}.outcomes tbody tr{display:grid;"
    "grid-template-columns:1fr 1fr;gap:.15rem .75rem;padding:.7rem 0;border-bottom:1px solid var(--line)}"
    ".outcomes tbody th:first-child,.outcomes tbody td,.outcomes tbody td.drawn{border:0;padding:0;width:auto}"
    ".outcomes tbody th,.outcomes tbody td.drawn,.outcomes tbody td[colspan]{grid-column:1/-1}"
    ""
    ".outcomes tr.is-base{margin:0 -1rem;padding:.7rem 1rem}"
    ".outcomes .tag{display:block;color:var(--soft);font-size:.75rem;font-weight:400}}\n",
    "@media (max-width:40rem){.page{padding:1rem 1rem 3rem}.languages{padding:.75rem 1rem 0}"
    ".scroll th,.scroll td{padding-right:.75rem}tbody th{min-width:7rem}}\n",
    "@media print{@page{margin:1.6cm}html{font-size:10pt}.languages,nav{display:none}.page{padding:0;max-width:none}"
    "section{margin-top:1.5rem}h2,h3{break-after:avoid}tr,.equilibrium{break-inside:avoid}.scroll{overflow:visible}"
    ".fans{grid-template-columns:repeat(3,1fr)}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n",
    NULL,
};

/* Without a script the switch works as well; with it the page's language follows, and #es in the address chooses it. */
const char *const pl_report_script[] = {
    "(function(){var root=document.documentElement,titles={en:root.dataset.en,es:root.dataset.es};\n",
    "function show(code){document.getElementById('to-'+code).checked=true;root.lang=code;"
    "document.title=titles[code];}\n",
    "addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(d){d.open=true;});"
    "});\n",
    "['en','es'].forEach(function(code){document.getElementById('to-'+code).addEventListener('change',"
    "function(){show(code);});});\n",
    "var asked=location.hash.slice(1);\n",
    "show(asked==='es'||asked==='en'?asked:/^es/.test(navigator.language||'')?'es':'en');})();\n",
    NULL,
};
