/* Words of what outcomes hinge on. */
WORD(HINGES, "What it hinges on", "De qué depende")
WORD(HINGES_LEAD,
     "How the rank of an outcome under <b>%1</b> moves with the rank of one thing that nobody knows, all others as "
     "they are: 1 or −1 where it alone decides, 0 where it does not matter. Shown are the strongest whose 95 % "
     "interval is clear of 0.",
     "Cómo se mueve el rango de un resultado en <b>%1</b> con el rango de una cosa que nadie sabe, con las demás "
     "como están: 1 o −1 si ella sola decide, 0 si no importa. Se muestran las más fuertes cuyo intervalo del "
     "95 % no incluye el 0.")
WORD(HINGES_FIGURE, "<b>%1</b> hinges most of all on <b>%2</b>. A line through all ranks explains %3 % of it.",
     "<b>%1</b>: depende sobre todo de <b>%2</b>. Una línea por todos los rangos explica el %3 %.")
WORD(HINGES_PAYOFF, "Payoff of %1", "Utilidad de %1")
WORD(HINGES_TABLE, "Partial rank correlations, and delta: how far the outcome's distribution moves with the input",
     "Correlaciones parciales de rangos, y delta: cuánto se mueve la distribución del resultado con la incertidumbre")
WORD(HINGES_OUTCOME, "Outcome", "Resultado")
WORD(HINGES_INPUT, "What nobody knows", "Lo que nadie sabe")
WORD(HINGES_PRCC, "Partial rank correlation", "Correlación parcial de rangos")
WORD(HINGES_DELTA, "Delta", "Delta")
