/* Words of the claims. */
WORD(CLAIMS, "What the sources claim", "Lo que afirman las fuentes")
WORD(CLAIMS_LEAD,
     "%1 claims that name a cause and an effect, each run with and without its cause in the same %2 futures: %3 are "
     "supported, %4 hold by the model's form, %5 are contested, %6 contradicted.",
     "%1 afirmaciones que nombran una causa y un efecto, cada una simulada con y sin su causa en los mismos %2 "
     "futuros: %3 se sostienen, %4 se siguen de la forma del modelo, %5 quedan en disputa y %6 se contradicen.")
WORD(CLAIMS_MEANING,
     "<b>Supported</b>: the claimed sign in at least 90 of 100 futures; <b>contradicted</b>: in at most 10; "
     "<b>contested</b>: it hangs on what nobody knows; <b>assumed</b>: as supported, but no run could say otherwise; "
     "<b>open</b>: no sign was claimed.",
     "<b>Se sostiene</b>: el signo afirmado en al menos 90 de cada 100 futuros; <b>se contradice</b>: en a lo más "
     "10; <b>en disputa</b>: depende de lo que nadie sabe; <b>supuesta</b>: se sostiene, pero ninguna corrida "
     "podría decir otra cosa; <b>abierta</b>: no se afirmó un signo.")
WORD(CLAIMS_TABLE, "every claim that was tested", "todas las afirmaciones probadas")
WORD(CLAIM_ID, "No.", "Núm.")
WORD(ARTICLE, "Article", "Artículo")
WORD(CLAIM, "Claim", "Afirmación")
WORD(VERDICT, "Verdict", "Veredicto")
WORD(SIGN_IN, "Claimed sign in (95 % interval)", "Signo afirmado en (intervalo del 95 %)")
WORD(CLAIM_EFFECT, "Mean effect (95 % interval)", "Efecto medio (intervalo del 95 %)")
WORD(BASIS, "Basis", "Base")
WORD(BASIS_TESTED, "tested", "probada")
WORD(BASIS_ASSUMED, "assumed", "supuesta")
WORD(VERDICT_TOO_SMALL, "too small to tell", "demasiado pequeño")
WORD(VERDICT_SUPPORTED, "supported", "se sostiene")
WORD(VERDICT_ASSUMED, "assumed", "supuesta")
WORD(VERDICT_CONTRADICTED, "contradicted", "se contradice")
WORD(VERDICT_CONTESTED, "contested", "en disputa")
WORD(VERDICT_OPEN, "open", "abierta")
WORD(VERDICT_UNTOLD, "no result", "sin resultado")
PAGE_WORD(FILTER_ALL, "all", "todas")
PAGE_WORD(FILTER_COUNT, "%1 of %2 rows", "%1 de %2 filas")
