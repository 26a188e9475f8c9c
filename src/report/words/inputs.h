/* Words of the actors and of what is uncertain. */
WORD(ACTORS, "Who can do what", "Quién puede hacer qué")
WORD(ACTOR, "Actor", "Actor")
WORD(COURSES, "Courses of action", "Cursos de acción")
WORD(WANTS, "What it wants: its payoff is the sum of", "Lo que quiere: su utilidad es la suma de")
WORD(UNCERTAIN, "What nobody knows", "Lo que nadie sabe")
WORD(UNCERTAINTY, "Uncertain quantity", "Cantidad incierta")
WORD(DISTRIBUTION, "Drawn from", "Distribución")
WORD(DRAWN_RANGE, "Middle 90 % of the draws", "90 % central de los sorteos")
WORD(SOURCE, "Source", "Fuente")
WORD(CONTESTED, "contested", "en disputa")
WORD(UNIFORM, "uniform: low %1, high %2", "uniforme: mínimo %1, máximo %2")
WORD(TRIANGULAR, "triangular: low %1, mode %2, high %3", "triangular: mínimo %1, moda %2, máximo %3")
WORD(NORMAL, "normal: mean %1, sd %2", "normal: media %1, desviación %2")
WORD(LOGNORMAL, "lognormal: median %1, sd of the log %2", "lognormal: mediana %1, desviación del logaritmo %2")
WORD(LOGUNIFORM, "log-uniform: low %1, high %2", "log-uniforme: mínimo %1, máximo %2")
WORD(DISCRETE, "one of %1 values", "uno de %1 valores")
WORD(UNCERTAIN_TABLE, "what each future draws", "lo que sortea cada futuro")
WORD(UNCERTAIN_LEAD,
     "Each future draws %1 quantities, and %2 weights of what the actors want. The sources contest %3 of the "
     "quantities: where they disagree even on the sign, the range spans both.",
     "Cada futuro sortea %1 cantidades y %2 pesos de lo que quieren los actores. Las fuentes disputan %3 de las "
     "cantidades: si discrepan incluso en el signo, el intervalo abarca ambos.")
WORD(WHOSE, "Whose", "De quién")
WORD(THE_WORLD, "the world", "el mundo")
WORD(WEIGHS, "how much it wants “%1”", "cuánto quiere «%1»")
WORD(RESTS_ON, "Rests on", "Se apoya en")
WORD(JUDGED, "judged", "a juicio")
WORD(BASIS_SITUATION, "the situation", "la situación")
WORD(BASIS_SOURCE, "a source", "una fuente")
WORD(BASIS_JUDGED, "judgement", "un juicio")
WORD(BASIS_BOTH, "a source and judgement", "una fuente y un juicio")
WORD(BASIS_NONE, "nothing that is given", "nada que se indique")
WORD(DATA_SAY, "By the data", "Según los datos")
WORD(DATA_FITTED, "fitted", "ajustada")
WORD(DATA_FITTABLE, "prior here; parley fit fits it", "previa aquí; parley fit la ajusta")
WORD(DATA_REACHED, "prior: the data reach it, it is not fitted", "previa: los datos la alcanzan, no se ajusta")
WORD(DATA_UNREACHED, "prior only", "solo previa")
WORD(DATA_LEAD,
     "The draws of %1 of these quantities are fitted to what was observed; %2 more <b>parley fit</b> fits when "
     "asked, and %3 more the data could speak of but are not fitted. The other %4 are <b>prior only</b>: nothing "
     "that was observed before the holdout moves with them. %5 rest on judgement alone.",
     "Los sorteos de %1 de estas cantidades están ajustados a lo observado; otras %2 las ajusta <b>parley fit</b> "
     "cuando se le pide, y de otras %3 los datos podrían hablar, pero no se ajustan. Las otras %4 son <b>solo "
     "previas</b>: nada de lo observado antes de lo reservado se mueve con ellas. %5 se apoyan solo en un juicio.")
WORD(DISPUTE, "Among sources", "Entre las fuentes")
WORD(NOT_CONTESTED, "not contested", "sin disputa")
WORD(NO_SOURCE, "none given", "sin fuente")
