/* Words of the actors and of what is uncertain. */
WORD(ACTORS, "Who can do what", "Quién puede hacer qué")
WORD(ACTOR, "Actor", "Actor")
WORD(COURSES, "Courses of action", "Cursos de acción")
WORD(WANTS, "What it wants: its payoff is the sum of", "Lo que quiere: su utilidad es la suma de")
WORD(UNCERTAIN, "What nobody knows", "Lo que nadie sabe")
WORD(UNCERTAIN_LEAD,
     "Each future draws every one of these. <b>Contested</b> marks an effect on which the sources disagree; where "
     "they disagree even on its sign, the range spans both.",
     "Cada futuro sortea todas estas cantidades. <b>En disputa</b> marca un efecto en el que las fuentes discrepan; "
     "si discrepan incluso en el signo, el intervalo abarca ambos.")
WORD(UNCERTAINTY, "Uncertain quantity", "Cantidad incierta")
WORD(DISTRIBUTION, "Drawn from", "Distribución")
WORD(DRAWN_RANGE, "Middle 90 % of the draws", "90 % central de los sorteos")
WORD(SOURCE, "Source", "Fuente")
WORD(CONTESTED, "contested", "en disputa")
WORD(NO_SOURCE, "none given", "sin fuente")
WORD(UNIFORM, "uniform: low %1, high %2", "uniforme: mínimo %1, máximo %2")
WORD(TRIANGULAR, "triangular: low %1, mode %2, high %3", "triangular: mínimo %1, moda %2, máximo %3")
WORD(NORMAL, "normal: mean %1, sd %2", "normal: media %1, desviación %2")
WORD(LOGNORMAL, "lognormal: median %1, sd of the log %2", "lognormal: mediana %1, desviación del logaritmo %2")
WORD(LOGUNIFORM, "log-uniform: low %1, high %2", "log-uniforme: mínimo %1, máximo %2")
WORD(DISCRETE, "one of %1 values", "uno de %1 valores")
WORD(UNCERTAIN_TABLE, "what each future draws", "lo que sortea cada futuro")
