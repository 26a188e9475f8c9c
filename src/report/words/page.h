/* Words of the frame, the reading help and the end of the page, and those that several parts use. */
WORD(KIND, "parley report", "Informe de parley")
WORD(FACTS,
     "%1 combinations of courses, each simulated against the same %2 possible futures.",
     "%1 combinaciones de cursos de acción, cada una simulada frente a los mismos %2 futuros posibles.")
WORD(FACTS_ONE, "Simulated against %2 possible futures.", "Simulación frente a %2 futuros posibles.")
WORD(FACTS_CHOSEN,
     "Not all courses of the situation take part here: %1.",
     "Aquí no participan todos los cursos de la situación: %1.")
WORD(FAILED,
     "%1 of these runs failed; they count as missing.",
     "%1 de estas corridas fallaron; cuentan como faltantes.")
WORD(READING, "How to read this", "Cómo leer este informe")
WORD(READING_FUTURE,
     "A <b>future</b> is one draw of everything that is uncertain. All courses meet the same futures, so a "
     "difference between two courses comes from the courses and not from luck.",
     "Un <b>futuro</b> es un sorteo de todo lo incierto. Todos los cursos enfrentan los mismos futuros; por eso, "
     "una diferencia entre dos cursos se debe a los cursos y no al azar.")
WORD(READING_RANGE,
     "A <b>range</b> holds the middle 90 % of the futures: one in twenty lies below it and one in twenty above. It "
     "says how much we do not know, and is never left out.",
     "Un <b>intervalo de futuros</b> contiene el 90 % central: uno de cada veinte queda por debajo y uno de cada "
     "veinte por encima. Dice cuánto ignoramos y nunca se omite.")
WORD(READING_BASE,
     "A <b>difference</b> compares a profile with the base, <em>%1</em>, in the same future: what changes because "
     "of the courses, not what changes with time. Its 95 % confidence interval says how exactly the median is known "
     "from this many futures.",
     "Una <b>diferencia</b> compara un perfil con la base, <em>%1</em>, en el mismo futuro: lo que cambia por los "
     "cursos de acción, no lo que cambia con el tiempo. Su intervalo de confianza del 95 % dice con qué precisión "
     "se conoce la mediana con este número de futuros.")
WORD(READING_PAYOFF,
     "A <b>payoff</b> is the sum of what an actor wants, each by its weight: an index, to be compared within one "
     "actor only. A measure without a unit is an index, too.",
     "Una <b>utilidad</b> es la suma de lo que quiere un actor, cada cosa según su ponderación: un índice, que solo "
     "se compara dentro de un mismo actor. Una medida sin unidad también es un índice.")
WORD(PLAIN, "%1", "%1")
WORD(RANGE, "%1 to %2", "%1 a %2")
WORD(AMOUNT, "%1 %2", "%1 %2")
WORD(IN_UNITS, "%1 (%2)", "%1 (%2)")
WORD(UNITS_POINTS, "percentage points", "puntos porcentuales")
WORD(UNITS_INDEX, "index, no unit", "índice, sin unidad")
WORD(UNITS_PAYOFF, "index", "índice")
WORD(MISSING, "%1 missing", "faltan %1")
WORD(NO_VALUE, "no value in any future", "sin valor en ningún futuro")
WORD(ABOUT, "What this is, and what it is not", "Qué es esto y qué no es")
WORD(ABOUT_MODEL,
     "A simulation of a model that people wrote, not a forecast. It shows what follows from the stated assumptions; "
     "what the model leaves out, the report leaves out.",
     "Una simulación de un modelo escrito por personas, no un pronóstico. Muestra lo que se sigue de los supuestos "
     "declarados; lo que el modelo deja fuera, el informe también.")
WORD(ABOUT_WANTS,
     "What each actor wants is data of the situation, shown above, and can be edited.",
     "Lo que quiere cada actor es un dato de la situación, se muestra arriba y puede editarse.")
WORD(ABOUT_SOURCES,
     "Sources, and conditions of risks, are quoted as the situation gives them.",
     "Las fuentes y las condiciones de los riesgos se citan como las da la situación.")
WORD(ABOUT_REPEAT,
     "Model %1; %2 futures; design: %3; seed %4. The same inputs give the same numbers on any computer.",
     "Modelo %1; %2 futuros; diseño: %3; semilla %4. Con las mismas entradas se obtienen los mismos números en "
     "cualquier computadora.")
WORD(RANDOM, "random", "aleatorio")
WORD(LATIN, "Latin hypercube", "hipercubo latino")
WORD(HALTON, "scrambled Halton sequence", "secuencia de Halton aleatorizada")
WORD(MADE_BY, "Made by parley %1.", "Hecho con parley %1.")
WORD(TABLE, "Table", "Tabla")
WORD(TABLE_REST,
     "Printed are the first %1 of %2 rows; the report's file has them all, and saves them as CSV.",
     "Se imprimen las primeras %1 de %2 filas; el archivo del informe las tiene todas y las guarda como CSV.")
WORD(CONTENTS, "Contents", "Contenido")
WORD(SKIP, "Skip to the findings", "Ir a los hallazgos")
WORD(LANGUAGE, "Language", "Idioma")
WORD(SOURCE_LINE,
     "Source: %1 futures of this situation; <b>parley %2</b> prints the same numbers.",
     "Fuente: %1 futuros de esta situación; <b>parley %2</b> da los mismos números.")
WORD(SOURCE_FUTURES, "Source: %1 futures of this situation.", "Fuente: %1 futuros de esta situación.")
WORD(SOURCE_SITUATION, "Source: the situation file.", "Fuente: el archivo de la situación.")
PAGE_WORD(DOWNLOAD_CSV, "Download the table (CSV)", "Descargar la tabla (CSV)")
PAGE_WORD(DOWNLOAD_SVG, "Download the figure (SVG)", "Descargar la figura (SVG)")
