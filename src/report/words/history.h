/* Words of history against the model. */
WORD(HISTORY, "What happened, and what the model says of it", "Lo que ocurrió y lo que dice el modelo")
WORD(HISTORY_LEAD,
     "%1 observed series against the model. On the values kept out, the model with its own constants is nearer than "
     "the last known value on %2 of %3 series, and nearer than a straight line through the earlier values on %4 of "
     "%5.",
     "%1 series observadas frente al modelo. En los valores reservados, el modelo con sus propias constantes queda "
     "más cerca que el último valor conocido en %2 de %3 series, y más cerca que una línea recta por los "
     "valores anteriores en %4 de %5.")
WORD(HISTORY_LEAD_SEEN,
     "%1 observed series against the model with its own constants. No value was kept out, so nothing says how it "
     "does on what it has not seen.",
     "%1 series observadas frente al modelo con sus propias constantes. No se reservó ningún valor, así que nada "
     "dice cómo le va con lo que no ha visto.")
WORD(HISTORY_FITTED,
     "Fitted to the earlier values (%1 fitted futures), it is nearer than with its own constants on %2 of %3.",
     "Ajustado a los valores anteriores (%1 futuros ajustados), queda más cerca que con sus propias constantes en "
     "%2 de %3.")
WORD(HISTORY_FITTED_OPEN,
     "Fitted to the earlier values (%1 fitted futures, from a fit that had not converged: its bands are not to be "
     "trusted), it is nearer than with its own constants on %2 of %3.",
     "Ajustado a los valores anteriores (%1 futuros ajustados, de un ajuste que no convergió: sus bandas no son de "
     "fiar), queda más cerca que con sus propias constantes en %2 de %3.")
WORD(HISTORY_UNFITTED,
     "No fitted futures lie beside this situation: <b>parley fit</b> makes them, and the report then shows them too.",
     "No hay futuros ajustados junto a esta situación: <b>parley fit</b> los hace, y entonces el informe también "
     "los muestra.")
WORD(HISTORY_CAUTION,
     "Whoever set the constants may have known the values kept out; then these errors flatter the model.",
     "Quien fijó las constantes pudo conocer los valores reservados; entonces estos errores favorecen al modelo.")
WORD(HISTORY_SERIES,
     "<b>%1</b> (%2). Error on %3 values kept out: model %4, last value %5, straight line %6; nearest: %7.",
     "<b>%1</b> (%2). Error en %3 valores reservados: modelo %4, último valor %5, línea recta %6; el más "
     "cercano: %7.")
WORD(HISTORY_SERIES_ALONE,
     "<b>%1</b> (%2). Error on %3 values kept out: model %4. No earlier value gives another forecast.",
     "<b>%1</b> (%2). Error en %3 valores reservados: modelo %4. Ningún valor anterior da otro pronóstico.")
WORD(HISTORY_SERIES_SEEN, "<b>%1</b> (%2). No value was kept out.", "<b>%1</b> (%2). No se reservó ningún valor.")
PAGE_WORD(HISTORY_OBSERVED, "observed", "observado")
PAGE_WORD(HISTORY_HELD, "observed, kept out", "observado, reservado")
PAGE_WORD(HISTORY_OWN, "the model with its own constants", "el modelo con sus propias constantes")
PAGE_WORD(HISTORY_PRIOR, "middle 90 % over what is uncertain", "90 % central sobre lo incierto")
PAGE_WORD(HISTORY_POSTERIOR, "fitted: median and middle 90 %", "ajustado: mediana y 90 % central")
WORD(HISTORY_ERRORS_TABLE,
     "root mean square errors on the values kept out",
     "errores cuadráticos medios (raíz) en los valores reservados")
WORD(HISTORY_NAME, "Series", "Serie")
WORD(HISTORY_VALUES, "Values kept out", "Valores reservados")
WORD(HISTORY_FORECAST_UNFITTED, "Model, own constants", "Modelo, constantes propias")
WORD(HISTORY_FORECAST_PRIOR, "Median over what is uncertain", "Mediana sobre lo incierto")
WORD(HISTORY_FORECAST_MODEL, "Fitted model", "Modelo ajustado")
WORD(HISTORY_FORECAST_LAST, "Last value", "Último valor")
WORD(HISTORY_FORECAST_TREND, "Straight line", "Línea recta")
WORD(HISTORY_NEAREST, "Nearest", "El más cercano")
WORD(HISTORY_VALUES_TABLE, "every observed value", "todos los valores observados")
WORD(HISTORY_TIME, "Time", "Tiempo")
WORD(HISTORY_VALUE, "Observed", "Observado")
WORD(HISTORY_RANGE_PRIOR, "Middle 90 % over what is uncertain", "90 % central sobre lo incierto")
WORD(HISTORY_RANGE_FITTED, "Middle 90 %, fitted", "90 % central, ajustado")
WORD(HISTORY_KEPT_OUT, "kept out", "reservado")
WORD(HISTORY_SOURCE, "Source", "Fuente")
WORD(HISTORY_SOURCE_LINE,
     "Source: the situation's data; one run with the model's own constants and 200 draws of what is uncertain. "
     "<b>parley check --backtest</b> prints the back-tests, <b>parley fit</b> these errors beside those of its fit.",
     "Fuente: los datos de la situación; una corrida con las constantes propias del modelo y 200 sorteos de lo "
     "incierto. <b>parley check --backtest</b> da las pruebas retrospectivas y <b>parley fit</b> estos errores "
     "junto a los de su ajuste.")
WORD(BACKTESTS_LEAD,
     "Of %1 back-tests, each with its outcome declared beforehand, <b>%2</b> pass and <b>%3</b> fail; %4 are of "
     "what the model cannot represent. %5 came out otherwise than declared. One run with the model's own constants "
     "each: no interval.",
     "De %1 pruebas retrospectivas, cada una con su resultado declarado de antemano, <b>%2</b> se cumplen y "
     "<b>%3</b> fallan; %4 tratan de lo que el modelo no puede representar. %5 resultaron distintas de lo "
     "declarado. Una corrida con las constantes propias del modelo cada una: sin intervalo.")
WORD(BACKTESTS_TABLE, "every back-test", "todas las pruebas retrospectivas")
WORD(BACKTESTS_WHAT, "What happened", "Lo que ocurrió")
WORD(BACKTESTS_OF, "Of", "De")
WORD(BACKTESTS_TARGET, "Target", "Valor buscado")
WORD(BACKTESTS_MODEL, "Model", "Modelo")
WORD(BACKTESTS_DECLARED, "Declared", "Declarado")
WORD(BACKTESTS_FOUND, "Outcome", "Resultado")
WORD(BACKTESTS_PASS, "pass", "se cumple")
WORD(BACKTESTS_FAIL, "fail", "falla")
WORD(BACKTESTS_CANNOT, "cannot be represented", "no se puede representar")
