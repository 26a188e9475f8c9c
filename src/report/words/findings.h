/* Words of the first screen: the findings. */
WORD(FINDINGS, "What holds up", "Lo que se sostiene")
WORD(QUESTION,
     "%1: what will each side do, what will come of it, and which course still holds up if we are wrong?",
     "%1: ¿qué hará cada parte, qué resultará y qué curso de acción se sostiene aunque nos equivoquemos?")
WORD(AND, " and ", " y ")
WORD(FINDINGS_LEAD,
     "Of %1 statements, %3 hold in at least 90 % of the %2 futures, in each of which what is uncertain, and what each "
     "actor wants, was drawn anew. Those below matter to most of the actors. Dots are futures.",
     "De %1 afirmaciones, %3 se cumplen en al menos 90 % de los %2 futuros; en cada uno se sorteó de nuevo lo "
     "incierto y lo que quiere cada actor. Las de abajo importan a más actores. Los puntos son futuros.")
WORD(FINDINGS_NONE,
     "%1 statements were tested against %2 futures. None holds in at least 90 of 100: everything hangs on what nobody "
     "knows.",
     "Se probaron %1 afirmaciones frente a %2 futuros. Ninguna se cumple en al menos 90 de cada 100: todo depende "
     "de lo que nadie sabe.")
WORD(QUESTION_DO, "What will each side do?", "¿Qué hará cada parte?")
WORD(QUESTION_COMES, "What comes of it?", "¿Qué resulta?")
WORD(QUESTION_HOLDS, "Which course holds up?", "¿Qué curso se sostiene?")
WORD(OF_FUTURES, "<b>%1 of 100</b> futures (%2)", "<b>%1 de cada 100</b> futuros (%2)")
WORD(OF_RESAMPLES,
     "<b>%1 of 100</b> redraws of the average, but %2 of 100 single futures",
     "<b>%1 de cada 100</b> repeticiones del promedio, pero %2 de cada 100 futuros sueltos")
WORD(OF_RISKS, "<b>%1</b> against <b>%2</b> of %3 risks", "<b>%1</b> frente a <b>%2</b> de %3 riesgos")
WORD(FINDING_EQUILIBRIUM,
     "On average over the futures, no side gains by changing its own course while the others keep to this: %1.",
     "En promedio sobre los futuros, ninguna parte gana si cambia su curso mientras las demás siguen así: %1.")
WORD(FINDING_COURSE_LESS,
     "%1: with <b>%2</b>, <b>%3</b> is lower than with “%4”, whatever the others do: in the middle future by at "
     "least %5.",
     "%1: con <b>%2</b>, <b>%3</b> es menor que con «%4», hagan lo que hagan los demás: en al menos %5 en el "
     "futuro central.")
WORD(FINDING_COURSE_MORE,
     "%1: with <b>%2</b>, <b>%3</b> is higher than with “%4”, whatever the others do: in the middle future by at "
     "least %5.",
     "%1: con <b>%2</b>, <b>%3</b> es mayor que con «%4», hagan lo que hagan los demás: en al menos %5 en el "
     "futuro central.")
WORD(FINDING_PROFILE_LESS,
     "Under <b>%1</b>, <b>%2</b> is lower than under the base: in the middle future by %3.",
     "Con <b>%1</b>, <b>%2</b> es menor que en la base: en %3 en el futuro central.")
WORD(FINDING_PROFILE_MORE,
     "Under <b>%1</b>, <b>%2</b> is higher than under the base: in the middle future by %3.",
     "Con <b>%1</b>, <b>%2</b> es mayor que en la base: en %3 en el futuro central.")
WORD(FINDING_DOMINANT,
     "By its own wants, whatever the others do, %1 does better with <b>%2</b> than with %3.",
     "Según lo que quiere, y hagan lo que hagan los demás, a %1 le va mejor con <b>%2</b> que con %3.")
WORD(FINDING_DOMINANT_MORE,
     "By its own wants, whatever the others do, %1 does better with <b>%2</b> than with %3 and %4 more.",
     "Según lo que quiere, y hagan lo que hagan los demás, a %1 le va mejor con <b>%2</b> que con %3 y otros %4.")
WORD(FINDING_RISKS,
     "Under <b>%1</b>, %2 of %3 risks happen in at least 90 of 100 futures; under <b>%4</b> %5 do, and %6 happen in at "
     "most 10.",
     "Con <b>%1</b>, %2 de %3 riesgos ocurren en al menos 90 de cada 100 futuros; con <b>%4</b>, %5, y %6 ocurren "
     "en a lo más 10.")
WORD(INTERVAL_95, "95 % interval %1 to %2", "intervalo del 95 %: %1 a %2")
WORD(BREAKS, "What breaks it:", "Qué lo rompe:")
WORD(BREAKS_HIGH,
     "a high value of <b>%1</b>. In the fifth of the futures where it is highest this holds in %2 of 100.",
     "<b>%1</b> en valores altos. En la quinta parte de los futuros con los más altos, se cumple en %2 de cada 100.")
WORD(BREAKS_LOW,
     "a low value of <b>%1</b>. In the fifth of the futures where it is lowest this holds in %2 of 100.",
     "<b>%1</b> en valores bajos. En la quinta parte de los futuros con los más bajos, se cumple en %2 de cada 100.")
WORD(BREAKS_NEVER,
     "no single quantity that was drawn. The margin is smallest with <b>%1</b> at its %2 end.",
     "ninguna cantidad sorteada por sí sola. El margen es menor con <b>%1</b> en su extremo %2.")
WORD(END_HIGH, "high", "alto")
WORD(END_LOW, "low", "bajo")
WORD(BREAKS_SINGLE_HIGH,
     "knowing the future. Were it known, no one would gain by leaving in %1 of 100; in %3 where <b>%2</b> is high.",
     "conocer el futuro. Si se conociera, nadie ganaría al apartarse en %1 de cada 100; en %3, con <b>%2</b> en "
     "valores altos.")
WORD(BREAKS_SINGLE_LOW,
     "knowing the future. Were it known, no one would gain by leaving in %1 of 100; in %3 where <b>%2</b> is low.",
     "conocer el futuro. Si se conociera, nadie ganaría al apartarse en %1 de cada 100; en %3, con <b>%2</b> en "
     "valores bajos.")
WORD(BREAKS_RISKS,
     "other thresholds than those that the situation declares for these risks.",
     "otros umbrales que los que la situación declara para estos riesgos.")
WORD(WEIGHT_OF, "the weight of “%1” for %2", "el peso de «%1» para %2")
WORD(UNKNOWN, "What is not known", "Lo que no se sabe")
WORD(UNKNOWN_OPEN,
     "Whether <b>%2</b> is higher or lower under <b>%1</b> than under the base: it is higher in %3 of 100 futures. "
     "That turns most on <b>%4</b>.",
     "Si <b>%2</b> es mayor o menor con <b>%1</b> que en la base: es mayor en %3 de cada 100 futuros. Depende sobre "
     "todo de <b>%4</b>.")
WORD(UNKNOWN_COUNT,
     "Of %1 effects of profiles on what the actors want, %2 go up in some futures and down in others, neither in 90 of "
     "100. Of %3 uncertain quantities the sources contest %4.",
     "De %1 efectos de los perfiles en lo que quieren los actores, %2 suben en unos futuros y bajan en otros, sin "
     "llegar a 90 de cada 100. De %3 cantidades inciertas, las fuentes disputan %4.")
WORD(FINDINGS_TABLE, "the findings in numbers", "los hallazgos en números")
WORD(FINDING, "Finding", "Hallazgo")
WORD(HOLDS_IN, "Holds in (95 % interval)", "Se cumple en (intervalo del 95 %)")
WORD(MARGIN, "Median margin", "Margen mediano")
WORD(TURNS_ON, "Turns most on (rank correlation)", "Depende sobre todo de (correlación de rangos)")
WORD(AXIS_COST, "payoff lost by leaving, in single futures", "utilidad que se pierde al apartarse, por futuro")
WORD(AXIS_GAIN, "payoff gained", "utilidad que se gana")
WORD(AXIS_CHANGE, "change, whatever the others do", "cambio, hagan lo que hagan los demás")
WORD(AXIS_DIFFERENCE, "difference from the base", "diferencia con la base")
WORD(RISKS_SURE, "in at least 90 of 100 futures", "en al menos 90 de cada 100 futuros")
WORD(RISKS_RARE, "in at most 10", "en a lo más 10")
PAGE_WORD(SWARM_HOLDS, "%1 hold", "%1 se cumplen")
PAGE_WORD(SWARM_FAILS, "%1 do not", "%1 no")
