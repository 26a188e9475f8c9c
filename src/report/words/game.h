/* Words of the game. */
WORD(GAME, "What each side will do", "Qué hará cada parte")
WORD(GAME_LEAD,
     "Each actor has a payoff: a weighted sum of measures, as the situation declares it, averaged here over %1 "
     "futures. In a <b>Nash equilibrium</b> no actor gains by changing its course while the others keep theirs.",
     "Cada actor tiene una utilidad: una suma ponderada de medidas, tal como la declara la situación, promediada "
     "aquí sobre %1 futuros. En un <b>equilibrio de Nash</b> ningún actor gana al cambiar de curso mientras los "
     "demás mantienen el suyo.")
WORD(EQUILIBRIUM, "Equilibrium %1", "Equilibrio %1")
WORD(NO_EQUILIBRIUM,
     "There is no equilibrium in which every actor plays one course for certain. The nearest to one, with the "
     "smallest regret of any profile:",
     "No hay equilibrio en el que cada actor siga un solo curso con certeza. El perfil más cercano a uno, con el "
     "menor arrepentimiento:")
WORD(PLAYS, "%1: <b>%2</b>", "%1: <b>%2</b>")
WORD(PAYOFF, "Payoff (95 % interval)", "Utilidad (intervalo del 95 %)")
WORD(PAYOFF_BASE, "Under the base", "En la base")
WORD(REGRET, "Regret", "Arrepentimiento")
WORD(GAME_CAPTION,
     "Payoffs and regrets. Regret is the most that the actor would gain by another course.",
     "Utilidades y arrepentimientos. El arrepentimiento es lo más que el actor ganaría con otro curso.")
WORD(STAYS,
     "It stays an equilibrium in %1 % of %2 resamplings of the futures.",
     "Sigue siendo equilibrio en el %1 % de %2 remuestreos de los futuros.")
WORD(ONE_FUTURE,
     "There is one future: how sure this is, and an interval, cannot be told from it.",
     "Hay un solo futuro: no permite decir qué tan seguro es esto ni dar un intervalo.")
WORD(ONLY_PURE,
     "There may be further equilibria: which these are is not known in full, above all those in which an actor "
     "mixes courses.",
     "Puede haber más equilibrios: no se conocen todos, sobre todo aquellos en los que un actor combina cursos con "
     "probabilidades.")
PAGE_WORD(BEST_RESPONSE, "best response to the others", "mejor respuesta a los demás")
PAGE_WORD(NASH_EQUILIBRIUM, "Nash equilibrium", "equilibrio de Nash")
WORD(PAYOFFS_LEAD,
     "The payoff of each actor where these courses meet, with its 95 % interval. A dot marks the best response to "
     "what the others do; a cell in which all have one is an equilibrium.",
     "La utilidad de cada actor donde se cruzan estos cursos, con su intervalo del 95 %. Un punto marca la mejor "
     "respuesta a lo que hacen los demás; una celda en la que todos la tienen es un equilibrio.")
WORD(PAYOFFS_TABLE,
     "payoffs of every profile (95 % interval); * a best response to the others",
     "utilidades de cada perfil (intervalo del 95 %); * mejor respuesta a los demás")
WORD(PAYOFF_OF, "Payoff: %1", "Utilidad: %1")
WORD(MAP_LEAD,
     "Were each future known to all, what would they play? Most often: %1 (in %2 of 100 futures). The area of a "
     "circle is the share of futures in which the courses of the first two actors meet there.",
     "Si todos conocieran cada futuro, ¿qué harían? Lo más frecuente: %1 (en %2 de cada 100 futuros). El área "
     "de un círculo es la proporción de futuros en que se cruzan ahí los cursos de los dos primeros actores.")
WORD(MAP_TABLE, "what is played in single futures (95 % interval)", "lo que se juega en cada futuro (intervalo del 95 %)")
WORD(MAP_PLAYED, "Is played in", "Se juega en")
WORD(MAP_EQUILIBRIUM, "Is an equilibrium in", "Es equilibrio en")
WORD(MAP_NONE, "no equilibrium in pure courses", "sin equilibrio en cursos puros")
