/* Words of the part "discover": when each risk happens. */
WORD(DISCOVER, "When each risk happens", "Cuándo ocurre cada riesgo")
WORD(DISCOVER_LEAD,
     "Each risk under the named profile in which it is most in doubt: limits on what nobody knows within which it "
     "happens more often (PRIM). Each point is one such set of limits: further to the right it covers more of the "
     "futures in which the risk happens, further up it is more often right. The large point keeps only the limits "
     "that stand up in random halves of the futures; it is the one in words. Risks for which no limit stands up are "
     "left out; first stand those whose limits say most of futures that they were not made from.",
     "Cada riesgo con el perfil en el que es más incierto: límites de lo que nadie sabe dentro de los cuales "
     "ocurre más a menudo (PRIM). Cada punto es un conjunto de límites: más a la derecha abarca más de los "
     "futuros en que ocurre el riesgo; más arriba acierta más a menudo. El punto grande conserva solo los "
     "límites que se sostienen en mitades al azar de los futuros; es el que se describe en palabras. Los riesgos "
     "para los que ningún límite se sostiene se omiten; primero van aquellos cuyos límites dicen más de futuros "
     "con los que no se hicieron.")
WORD(DISCOVER_MORE, "%1 more risks", "%1 riesgos más")
WORD(DISCOVER_DOUBTFUL,
     "Left out because their limits fit these futures rather than the risk (in the other halves they keep less than "
     "half of their coverage, or of what they add in density): %1, which are %2. <b>parley discover</b> prints them.",
     "Se omiten, porque sus límites se ajustan a estos futuros más que al riesgo (en las otras mitades conservan "
     "menos de la mitad de su cobertura, o de lo que agregan en densidad): %1, que son %2. <b>parley discover</b> "
     "los da.")
WORD(DISCOVER_RISK, "%1, with %2", "%1, con %2")
WORD(DISCOVER_COVERAGE, "Coverage", "Cobertura")
WORD(DISCOVER_DENSITY, "Density", "Densidad")
WORD(DISCOVER_INPUTS, "Inputs limited", "Entradas limitadas")
WORD(DISCOVER_NOTE, "inputs limited: %1", "entradas limitadas: %1")
WORD(DISCOVER_OUTSIDE,
     "Searched in random halves of the futures and tried on the other halves, such boxes have a coverage of %1 % "
     "(%2 to %3) and a density of %4 % (%5 to %6); the ranges are over %7 halves.",
     "Al buscar en mitades al azar de los futuros y probar en las otras mitades, estos conjuntos tienen una "
     "cobertura de %1 % (%2 a %3) y una densidad de %4 % (%5 a %6); los intervalos son sobre %7 mitades.")
WORD(DISCOVER_SEARCHED, "found by the search", "hallado por la búsqueda")
WORD(DISCOVER_KEPT, "with the limits that stand up", "con los límites que se sostienen")
WORD(DISCOVER_LIMITS_TABLE, "%1: the limits of box %2, those that do not stand up too",
     "%1: los límites del conjunto %2, también los que no se sostienen")
WORD(DISCOVER_BOXES_TABLE, "%1: coverage and density of every box, with 95 % intervals that take the box as given",
     "%1: cobertura y densidad de cada conjunto, con intervalos del 95 % que toman el conjunto como dado")
WORD(DISCOVER_INPUT, "Input", "Entrada")
WORD(DISCOVER_LOW, "From", "Desde")
WORD(DISCOVER_HIGH, "To", "Hasta")
WORD(DISCOVER_QUASI_P, "Quasi-p", "Cuasi-p")
WORD(DISCOVER_AGAIN, "Again in halves, by coverage; by density", "De nuevo en mitades, por cobertura; por densidad")
WORD(DISCOVER_BOX, "Box", "Conjunto")
WORD(DISCOVER_MASS, "Share of the futures", "Proporción de los futuros")
