/* Words of what comes out: measures, fans, risks. */
WORD(OUTCOMES, "What comes of it", "Qué resulta")
WORD(PROFILE, "Profile", "Perfil")
PAGE_WORD(MEDIAN_HEAD, "Median", "Mediana")
PAGE_WORD(IS_BASE, "the base", "la base")
WORD(FUTURES, "9 in 10 futures", "9 de cada 10 futuros")
WORD(TIME, "How it unfolds", "Cómo evoluciona")
WORD(RISKS, "Risks", "Riesgos")
WORD(RISKS_LEAD,
     "The share of futures in which each happens. The table adds its 95 % interval, and how many percentage points "
     "more or less than under the base.",
     "La proporción de futuros en que ocurre cada uno. La tabla añade su intervalo del 95 % y cuántos puntos "
     "porcentuales más o menos que en la base.")
WORD(OUTCOMES_LEAD,
     "For each profile and measure: the median, and by colour how it differs from the base in the same futures. "
     "Full blue lies above the base in nearly all futures, full orange below; pale means that it hangs on what "
     "nobody knows, grey that it differs in none.",
     "Para cada perfil y medida: la mediana y, por el color, cómo difiere de la base en los mismos futuros. El "
     "azul pleno queda por encima de la base en casi todos los futuros, el naranja pleno por debajo; lo pálido "
     "depende de lo que nadie sabe; lo gris no difiere en ningún futuro.")
WORD(OUTCOMES_VALUES, "medians, and the range of 9 in 10 futures", "medianas e intervalo de 9 de cada 10 futuros")
WORD(OUTCOMES_DIFFERENCES,
     "differences from the base: the median (its 95 % interval); in how many of 100 futures the profile lies above",
     "diferencias con la base: la mediana (su intervalo del 95 %); en cuántos de cada 100 futuros el perfil queda por "
     "encima")
PAGE_WORD(SHARE_ABOVE, "above the base in %1 of the futures", "por encima de la base en el %1 de los futuros")
PAGE_WORD(DIFFERENCE, "Difference from the base", "Diferencia con la base")
WORD(TIME_LEAD,
     "%1 futures of each profile: the bands hold the middle 50 % and 90 % of them at each time, thin lines are 20 "
     "single futures, and dots show where each future ends. Dashed is the median of the base, dotted the time from "
     "which courses act.",
     "%1 futuros de cada perfil: las bandas contienen el 50 % y el 90 % centrales en cada momento; las líneas "
     "delgadas son 20 futuros individuales, y los puntos muestran dónde termina cada futuro. La línea discontinua "
     "es la mediana de la base; la punteada, el momento desde el que actúan los cursos.")
WORD(ENDS, "values in %1", "valores en %1")
WORD(VARIABLE, "Variable", "Variable")
WORD(ABOVE_BASE, "Futures above the base, of 100", "Futuros por encima de la base, de cada 100")
WORD(RISKS_TABLE,
     "shares of futures by profile, in % (95 % interval), and the difference from the base in points",
     "proporción de futuros por perfil, en % (intervalo del 95 %), y la diferencia con la base en puntos")
WORD(FAN_ABOVE, "<b>%1</b>: in %2 of 100 futures it ends above the base",
     "<b>%1</b>: en %2 de cada 100 futuros termina por encima de la base")
WORD(FAN_SAME, "<b>%1</b>: ends as the base does in all futures",
     "<b>%1</b>: termina igual que la base en todos los futuros")
WORD(FAN_RANGE, "<b>%1</b>: ends between %2 and %3 in 9 of 10 futures",
     "<b>%1</b>: termina entre %2 y %3 en 9 de cada 10 futuros")
