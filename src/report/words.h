/* Every text of the report, one row each.  X(id, English, Spanish of Mexico).  A %1 to %3 stands for a value that the
 * caller gives, escaped; nothing else in a text is special. */
#ifndef PL_WORDS_H
#define PL_WORDS_H

#define PL_WORDS(X)                                                                                                    \
    X(KIND, "parley report", "Informe de parley")                                                                      \
    X(FACTS, "%1 combinations of courses, each simulated against the same %2 possible futures.",                       \
      "%1 combinaciones de cursos de acción, cada una simulada frente a los mismos %2 futuros posibles.")              \
    X(FACTS_ONE, "Simulated against %2 possible futures.", "Simulación frente a %2 futuros posibles.")                 \
    X(FAILED, "%1 of these runs failed; they count as missing.",                                                       \
      "%1 de estas corridas fallaron; cuentan como faltantes.")                                                        \
    X(READING, "How to read this", "Cómo leer este informe")                                                           \
    X(READING_FUTURE, "A <b>future</b> is one draw of everything that is uncertain. All courses meet the same "        \
      "futures, so a difference between two courses comes from the courses and not from luck.",                        \
      "Un <b>futuro</b> es un sorteo de todo lo incierto. Todos los cursos enfrentan los mismos futuros; por eso, "    \
      "una diferencia entre dos cursos se debe a los cursos y no al azar.")                                            \
    X(READING_RANGE, "A <b>range</b> holds the middle 90 % of the futures: one in twenty lies below it and one in "    \
      "twenty above. It says how much we do not know, and is never left out.",                                         \
      "Un <b>intervalo de futuros</b> contiene el 90 % central: uno de cada veinte queda por debajo y uno de cada "    \
      "veinte por encima. Dice cuánto ignoramos y nunca se omite.")                                                    \
    X(READING_BASE, "A <b>difference</b> compares a profile with the base, <em>%1</em>, in the same future: what "     \
      "changes because of the courses, not what changes with time. Its 95 % confidence interval says how exactly "     \
      "the median is known from this many futures.",                                                                   \
      "Una <b>diferencia</b> compara un perfil con la base, <em>%1</em>, en el mismo futuro: lo que cambia por "       \
      "los cursos de acción, no lo que cambia con el tiempo. Su intervalo de confianza del 95 % dice con qué "         \
      "precisión se conoce la mediana con este número de futuros.")                                                    \
    X(ACTORS, "Who can do what", "Quién puede hacer qué")                                                              \
    X(ACTOR, "Actor", "Actor")                                                                                         \
    X(COURSES, "Courses of action", "Cursos de acción")                                                                \
    X(WANTS, "What it wants: its payoff is the sum of", "Lo que quiere: su utilidad es la suma de")                    \
    X(OUTCOMES, "What comes of it", "Qué resulta")                                                                     \
    X(OUTCOMES_LEAD, "One table for each measure. In the drawings the dot is the median difference from the base, "    \
      "the dark bar its 95 % confidence interval, the pale bar the middle 90 % of the futures; the line is no "       \
      "difference.",                                                                                                   \
      "Una tabla para cada medida. En los dibujos, el punto es la mediana de la diferencia con la base; la barra "     \
      "oscura, su intervalo de confianza del 95 %; la barra clara, el 90 % central de los futuros; la línea "          \
      "vertical marca la ausencia de diferencia.")                                                                     \
    X(PROFILE, "Profile", "Perfil")                                                                                    \
    X(MEDIAN_HEAD, "Median", "Mediana")                                                                                \
    X(DIFFERENCE, "Difference from the base", "Diferencia con la base")                                                \
    X(DRAWING, "Drawn", "Dibujo")                                                                                      \
    X(IS_BASE, "the base", "la base")                                                                                  \
    X(RANGE, "%1 to %2", "%1 a %2")                                                                                    \
    X(FUTURES, "9 in 10 futures", "9 de cada 10 futuros")                                                              \
    X(DIFFERENCES, "9 in 10 differences", "9 de cada 10 diferencias")                                                  \
    X(INTERVAL, "its 95 % interval", "su intervalo del 95 %")                                                          \
    X(MISSING, "%1 missing", "faltan %1")                                                                              \
    X(NO_VALUE, "no value in any future", "sin valor en ningún futuro")                                                \
    X(TIME, "How it unfolds", "Cómo evoluciona")                                                                       \
    X(TIME_LEAD, "Each drawing shows one profile: the dark line is the median of %1 futures, the bands hold the "      \
      "middle 50 % and 90 % of them at each time, thin lines are single futures, and the dashed line is the "          \
      "base's median in the same futures. All drawings of a variable share their scale.",                              \
      "Cada dibujo muestra un perfil: la línea oscura es la mediana de %1 futuros; las bandas contienen el 50 % y "    \
      "el 90 % centrales en cada momento; las líneas delgadas son futuros individuales, y la línea punteada es la "    \
      "mediana de la base en los mismos futuros. Todos los dibujos de una variable comparten la escala.")              \
    X(COURSES_BEGIN, "courses begin", "inician los cursos")                                                            \
    X(END_VALUE, "At the end: median %1, 5–95 %: %2 to %3; the base: %4, %5 to %6.",                                   \
      "Al final: mediana %1; 5–95 %: %2 a %3; la base: %4, de %5 a %6.")                                               \
    X(END_BASE, "At the end: median %1, 5–95 %: %2 to %3.", "Al final: mediana %1; 5–95 %: %2 a %3.")                  \
    X(PATHS, "single futures", "futuros individuales")                                                                 \
    X(BAND90, "middle 90 %", "90 % central")                                                                           \
    X(BAND50, "middle 50 %", "50 % central")                                                                           \
    X(MEDIAN, "median", "mediana")                                                                                     \
    X(BASE_MEDIAN, "the base's median", "mediana de la base")                                                          \
    X(GAME, "What each side will do", "Qué hará cada parte")                                                           \
    X(GAME_LEAD, "Each actor has a payoff: a weighted sum of measures, as the situation declares it, averaged "        \
      "here over %1 futures. In a <b>Nash equilibrium</b> no actor gains by changing its course while the others "     \
      "keep theirs.",                                                                                                  \
      "Cada actor tiene una utilidad: una suma ponderada de medidas, tal como la declara la situación, promediada "    \
      "aquí sobre %1 futuros. En un <b>equilibrio de Nash</b> ningún actor gana al cambiar de curso mientras los "     \
      "demás mantienen el suyo.")                                                                                      \
    X(EQUILIBRIUM, "Equilibrium %1", "Equilibrio %1")                                                                  \
    X(NO_EQUILIBRIUM, "There is no equilibrium in which every actor plays one course for certain. The nearest to "     \
      "one, with the smallest regret of any profile:",                                                                 \
      "No hay equilibrio en el que cada actor siga un solo curso con certeza. El perfil más cercano a uno, con el "    \
      "menor arrepentimiento:")                                                                                        \
    X(PLAYS, "%1: <b>%2</b>", "%1: <b>%2</b>")                                                                         \
    X(PAYOFF, "Payoff (95 % interval)", "Utilidad (intervalo del 95 %)")                                               \
    X(PAYOFF_BASE, "Under the base", "En la base")                                                                     \
    X(REGRET, "Regret", "Arrepentimiento")                                                                             \
    X(GAME_CAPTION, "Payoffs and regrets. Regret is the most that the actor would gain by another course.",            \
      "Utilidades y arrepentimientos. El arrepentimiento es lo más que el actor ganaría con otro curso.")              \
    X(STAYS, "It stays an equilibrium in %1 % of %2 resamplings of the futures.",                                      \
      "Sigue siendo equilibrio en el %1 % de %2 remuestreos de los futuros.")                                          \
    X(ONE_FUTURE, "There is one future: how sure this is, and an interval, cannot be told from it.",                   \
      "Hay un solo futuro: no permite decir qué tan seguro es esto ni dar un intervalo.")                              \
    X(ONLY_PURE, "There may be further equilibria: which these are is not known in full, above all those in which an "  \
      "actor mixes courses.",                                                                                          \
      "Puede haber más equilibrios: no se conocen todos, sobre todo aquellos en los que un actor combina "             \
      "cursos con probabilidades.")                                                                                    \
    X(RISKS, "Risks", "Riesgos")                                                                                       \
    X(RISKS_LEAD, "The share of futures in which each happens, with its 95 % interval, and how many percentage "       \
      "points more or less than under the base.",                                                                      \
      "La proporción de futuros en que ocurre cada uno, con su intervalo del 95 %, y cuántos puntos porcentuales "     \
      "más o menos que en la base.")                                                                                   \
    X(RISK, "Risk", "Riesgo")                                                                                          \
    X(POINTS, "%1 points", "%1 puntos")                                                                                \
    X(UNCERTAIN, "What nobody knows", "Lo que nadie sabe")                                                             \
    X(UNCERTAIN_LEAD, "Each future draws every one of these. <b>Contested</b> marks an effect on which the "           \
      "sources disagree; where they disagree even on its sign, the range spans both.",                                 \
      "Cada futuro sortea todas estas cantidades. <b>En disputa</b> marca un efecto en el que las fuentes "            \
      "discrepan; si discrepan incluso en el signo, el intervalo abarca ambos.")                                       \
    X(UNCERTAINTY, "Uncertain quantity", "Cantidad incierta")                                                          \
    X(DISTRIBUTION, "Drawn from", "Distribución")                                                                      \
    X(DRAWN_RANGE, "Middle 90 % of the draws", "90 % central de los sorteos")                                          \
    X(SOURCE, "Source", "Fuente")                                                                                      \
    X(CONTESTED, "contested", "en disputa")                                                                            \
    X(NO_SOURCE, "none given", "sin fuente")                                                                           \
    X(UNIFORM, "uniform: low %1, high %2", "uniforme: mínimo %1, máximo %2")                                           \
    X(TRIANGULAR, "triangular: low %1, mode %2, high %3", "triangular: mínimo %1, moda %2, máximo %3")                 \
    X(NORMAL, "normal: mean %1, sd %2", "normal: media %1, desviación %2")                                             \
    X(LOGNORMAL, "lognormal: median %1, sd of the log %2", "lognormal: mediana %1, desviación del logaritmo %2")       \
    X(LOGUNIFORM, "log-uniform: low %1, high %2", "log-uniforme: mínimo %1, máximo %2")                                \
    X(DISCRETE, "one of %1 values", "uno de %1 valores")                                                               \
    X(ABOUT, "What this is, and what it is not", "Qué es esto y qué no es")                                            \
    X(ABOUT_MODEL, "A simulation of a model that people wrote, not a forecast. It shows what follows from the "        \
      "stated assumptions; what the model leaves out, the report leaves out.",                                         \
      "Una simulación de un modelo escrito por personas, no un pronóstico. Muestra lo que se sigue de los "            \
      "supuestos declarados; lo que el modelo deja fuera, el informe también.")                                        \
    X(ABOUT_WANTS, "What each actor wants is data of the situation, shown above, and can be edited.",                  \
      "Lo que quiere cada actor es un dato de la situación, se muestra arriba y puede editarse.")                      \
    X(ABOUT_REPEAT, "Model %1; %2 futures; design: %3; seed %4. The same inputs give the same numbers on any "         \
      "computer.",                                                                                                     \
      "Modelo %1; %2 futuros; diseño: %3; semilla %4. Con las mismas entradas se obtienen los mismos números en "      \
      "cualquier computadora.")                                                                                        \
    X(RANDOM, "random", "aleatorio")                                                                                   \
    X(LATIN, "Latin hypercube", "hipercubo latino")                                                                    \
    X(HALTON, "scrambled Halton sequence", "secuencia de Halton aleatorizada")                                         \
    X(MADE_BY, "Made by parley %1.", "Hecho con parley %1.")

typedef enum pl_word {
#define X(id, en, es) PL_WORD_##id,
    PL_WORDS(X)
#undef X
        PL_WORD_COUNT
} pl_word;
#endif
