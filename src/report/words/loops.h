/* Words of the feedback loops. */
WORD(DRIVING, "What drives it", "Qué lo impulsa")
WORD(LOOPS_LEAD,
     "%1 variables act on each other in circles. Of the %2 feedback loops that were found, %3 of the strongest are "
     "drawn: they make %4 of 100 parts of what changes in the run with the model's own numbers. Reinforcing loops, "
     "which drive a change on, make %5 of 100 parts, balancing ones, which hold it back, the rest.",
     "%1 variables actúan unas sobre otras en círculo. De los %2 ciclos de retroalimentación encontrados se "
     "dibujan %3 de los más fuertes: hacen %4 de cada 100 partes de lo que cambia en la corrida con los números "
     "propios del modelo. Los ciclos reforzadores, que impulsan el cambio, hacen %5 de cada 100 partes; los "
     "compensadores, que lo frenan, el resto.")
WORD(LOOPS_LEAD_ALL,
     "%1 variables act on each other in circles, in %2 feedback loops. %3 are drawn: they make %4 of 100 parts of "
     "what changes in the run with the model's own numbers. Reinforcing loops, which drive a change on, make %5 of "
     "100 parts, balancing ones, which hold it back, the rest.",
     "%1 variables actúan unas sobre otras en círculo, en %2 ciclos de retroalimentación. Se dibujan %3: hacen "
     "%4 de cada 100 partes de lo que cambia en la corrida con los números propios del modelo. Los ciclos "
     "reforzadores, que impulsan el cambio, hacen %5 de cada 100 partes; los compensadores, que lo frenan, el resto.")
WORD(LOOPS_LEAD_STILL,
     "%1 variables act on each other in circles, in %2 feedback loops, of which %3 are drawn. In the run with the "
     "model's own numbers nothing changes, so the shares are those of the futures.",
     "%1 variables actúan unas sobre otras en círculo, en %2 ciclos de retroalimentación, de los que se dibujan "
     "%3. En la corrida con los números propios del modelo nada cambia; por eso las partes son las de los futuros.")
WORD(LOOPS_TIME,
     "When each loop counts: its share of what changes, in the middle of %1 futures, and for the first the range of "
     "9 in 10 of them. Dominance shifts where lines cross.",
     "Cuándo pesa cada ciclo: su parte de lo que cambia, en el centro de %1 futuros, y para el primero el "
     "intervalo de 9 de cada 10. El dominio cambia donde las líneas se cruzan.")
WORD(LOOPS_TIME_ONE,
     "When each loop counts: its share of what changes. Dominance shifts where lines cross.",
     "Cuándo pesa cada ciclo: su parte de lo que cambia. El dominio cambia donde las líneas se cruzan.")
WORD(LOOPS_TABLE, "the loops that are drawn", "los ciclos dibujados")
WORD(LOOP, "Loop", "Ciclo")
WORD(LOOP_POLARITY, "Kind", "Tipo")
WORD(LOOP_SHARE, "Share in the run, %", "Parte en la corrida, %")
WORD(LOOP_FUTURES, "Over the futures, %: median (9 in 10)", "En los futuros, %: mediana (9 de cada 10)")
WORD(LOOP_LEADS, "Strongest in % of futures (95 % interval)", "El más fuerte en % de los futuros (intervalo del 95 %)")
WORD(LOOP_CHAIN, "Through", "A través de")
PAGE_WORD(LOOP_REINFORCING, "reinforcing", "reforzador")
PAGE_WORD(LOOP_BALANCING, "balancing", "compensador")
PAGE_WORD(LOOP_CHANGING, "changing", "cambiante")
PAGE_WORD(LOOPS_ALL, "all loops", "todos los ciclos")
PAGE_WORD(LOOPS_PICK, "Show a loop", "Mostrar un ciclo")
PAGE_WORD(LOOPS_SHARE_AXIS, "share of what changes", "parte de lo que cambia")
PAGE_WORD(LOOPS_SAME, "+ moves the same way", "+ mueve en el mismo sentido")
PAGE_WORD(LOOPS_OTHER, "\u2212 moves the other way", "\u2212 mueve en sentido contrario")
PAGE_WORD(LOOPS_STOCK, "framed: what accumulates", "con marco: lo que se acumula")

/* Words of the tree of staged play. */
WORD(STAGES, "If they may choose again", "Si pueden volver a elegir")
WORD(STAGES_LEAD,
     "The actors choose at %1 times, knowing what was done before but not which future they are in. Of %2 "
     "sequences, each simulated in %3 futures, these are played; at the ends stand the payoffs.",
     "Los actores eligen en %1 momentos, sabiendo qué se hizo antes pero no en qué futuro están. De %2 "
     "secuencias, cada una simulada en %3 futuros, estas se juegan; al final están las utilidades.")
WORD(STAGES_LEAD_MORE,
     "The actors choose at %1 times, knowing what was done before but not which future they are in. Of %2 "
     "sequences, each simulated in %3 futures, these are played, or the first of them; at the ends stand the "
     "payoffs.",
     "Los actores eligen en %1 momentos, sabiendo qué se hizo antes pero no en qué futuro están. De %2 "
     "secuencias, cada una simulada en %3 futuros, estas se juegan, o las primeras de ellas; al final están las "
     "utilidades.")
WORD(STAGES_TABLE, "the value at the start", "el valor al inicio")
WORD(STAGES_PLAYED, "what is played, in full", "lo que se juega, completo")
WORD(STAGES_TIME, "Time", "Tiempo")
WORD(STAGES_CHOICE, "Choice", "Elección")
WORD(STAGES_VALUE, "Value", "Valor")
WORD(STAGES_INTERVAL, "95 % interval over the futures", "Intervalo del 95 % sobre los futuros")
