/* Words of how courses hold up, who gains and loses, who bears what, and what courses take. */
WORD(ROBUST, "Which courses hold up", "Qué cursos resisten")
WORD(ROBUST_LEAD,
     "Each course is weighed with what the others then do: an equilibrium of the game that is left between them. A "
     "cell says how far a course is from the actor's best one by that criterion, as a share of the distance between "
     "best and worst: 0 % is the best, 100 % the worst; grey (=): by it all courses are alike.",
     "Cada curso se sopesa con lo que los demás hacen entonces: un equilibrio del juego que queda entre ellos. "
     "Cada celda dice qué tan lejos está un curso del mejor del actor según ese criterio, como proporción de la "
     "distancia entre el mejor y el peor: 0 % es el mejor; 100 %, el peor; en gris (=), todos los cursos son "
     "iguales según ese criterio.")
WORD(ROBUST_LEAD_ALONE,
     "A cell says how far a course is from the best one by that criterion, as a share of the distance between best and "
     "worst: 0 % is the best, 100 % the worst; grey (=): by it all courses are alike.",
     "Cada celda dice qué tan lejos está un curso del mejor según ese criterio, como proporción de la distancia "
     "entre el mejor y el peor: 0 % es el mejor; 100 %, el peor; en gris (=), todos los cursos son iguales "
     "según ese criterio.")
WORD(ROBUST_ACTOR,
     "The best expected payoff is that of <b>%1</b>, first in %2 % of the resamples of the futures and in %3 % of "
     "the draws of the weights. The smallest worst regret is that of <b>%4</b>.",
     "La mejor utilidad esperada es la de <b>%1</b>, primera en el %2 % de los remuestreos de los futuros y en el "
     "%3 % de los sorteos de las ponderaciones. El menor arrepentimiento máximo es el de <b>%4</b>.")
WORD(ROBUST_ACTOR_FIXED,
     "The best expected payoff is that of <b>%1</b>, first in %2 % of the resamples of the futures. The smallest worst "
     "regret is that of <b>%3</b>.",
     "La mejor utilidad esperada es la de <b>%1</b>, primera en el %2 % de los remuestreos de los futuros. El menor "
     "arrepentimiento máximo es el de <b>%3</b>.")
WORD(REGRET_FIGURE,
     "<b>%1</b>: mean regret of each course where the others play as in each named profile: what the actor's best "
     "course in the same future would have given more. 0: none better.",
     "<b>%1</b>: arrepentimiento medio de cada curso si los demás actúan como en cada perfil: lo que el mejor "
     "curso del actor en el mismo futuro habría dado de más. 0: ninguno es mejor.")
WORD(CRITERIA_FIGURE, "<b>%1</b>: courses by criterion, 0 % the best", "<b>%1</b>: cursos por criterio, 0 % el mejor")
WORD(CRITERIA_TABLE, "%1: criteria with their 95 % intervals", "%1: criterios con sus intervalos del 95 %")
WORD(CRITERIA_NOTE,
     "The best and the worst of the futures have no interval; at most %1 % of all futures are worse than the worst "
     "of these, with 95 % confidence. Where a mean is below 0, a larger spread makes its ratio to the spread "
     "better: such courses should not be ranked by it.",
     "El mejor y el peor de los futuros no tienen intervalo; a lo más el %1 % de todos los futuros es peor que el "
     "peor de estos, con 95 % de confianza. Si una media es menor que 0, una mayor dispersión mejora su razón con "
     "la dispersión: esos cursos no deben ordenarse por ella.")
WORD(COURSE, "Course", "Curso")
WORD(CRITERION_EXPECTED, "expected value", "valor esperado")
WORD(CRITERION_LAPLACE, "Laplace", "Laplace")
WORD(CRITERION_MAXIMIN, "worst future", "peor futuro")
WORD(CRITERION_MAXIMAX, "best future", "mejor futuro")
WORD(CRITERION_HURWICZ, "Hurwicz", "Hurwicz")
WORD(CRITERION_REGRET, "worst regret", "arrepentimiento máximo")
WORD(CRITERION_REGRET_90, "regret, 90 %", "arrepentimiento, 90 %")
WORD(CRITERION_SATISFICING, "no worse than the base", "no peor que la base")
WORD(CRITERION_MEAN_VARIANCE, "mean and variance", "media y varianza")
WORD(CRITERION_SIGNAL_TO_NOISE, "signal to noise", "señal y ruido")
WORD(CRITERION_DEVIATIONS, "deviations below the median", "desviaciones bajo la mediana")
WORD(CRITERION_SKEWNESS, "skewness", "asimetría")
WORD(CRITERION_PEAKEDNESS, "peakedness", "apuntamiento")
WORD(GAINS, "Who gains and who loses", "Quién gana y quién pierde")
WORD(GAINS_LEAD,
     "The share of futures in which each actor's payoff is higher than under the base in the same future, with its "
     "95 % interval. In %1 of %2 profiles every actor gains in most futures.",
     "La proporción de futuros en que la utilidad de cada actor es mayor que con la base en el mismo futuro, con "
     "su intervalo del 95 %. En %1 de %2 perfiles todos los actores ganan en la mayoría de los futuros.")
WORD(GAINS_TABLE,
     "median difference of the payoff from the base with its 95 % interval, and the shares of futures with more and "
     "with less",
     "mediana de la diferencia de utilidad con la base, con su intervalo del 95 %, y proporción de futuros con "
     "más y con menos")
WORD(GAINS_CELL, "%1 (%2 to %3); more in %4 %, less in %5 %", "%1 (%2 a %3); más en %4 %, menos en %5 %")
WORD(GAINS_AXIS, "futures with a higher payoff than under the base", "futuros con mayor utilidad que con la base")
WORD(FRONT, "What cannot be had together", "Lo que no puede tenerse a la vez")
WORD(FRONT_LEAD,
     "A profile is on the front where no other is at least as good in the means of all measures that an actor wants "
     "and better in one.",
     "Un perfil está en el frente si ningún otro es al menos tan bueno en las medias de todas las medidas que "
     "quiere un actor y mejor en alguna.")
WORD(FRONT_DRAWN,
     "Drawn are the two measures that weigh most in the actor's payoff; the numbers stand in the table.",
     "Se dibujan las dos medidas que más pesan en la utilidad del actor; los números están en la tabla.")
WORD(FRONT_ACTOR,
     "<b>%1</b>: %2 of %3 profiles are on the front of all %4 measures.",
     "<b>%1</b>: %2 de %3 perfiles están en el frente de las %4 medidas.")
WORD(FRONT_ON, "on the front of the two", "en el frente de ambas")
WORD(FRONT_OFF, "other profiles", "otros perfiles")
WORD(FRONT_KEY, "which profiles the numbers are", "a qué perfil corresponde cada número")
WORD(FRONT_ACROSS, "Across", "En horizontal")
WORD(FRONT_UP, "Up", "En vertical")
PAGE_WORD(BETTER_MORE, "more is better", "más es mejor")
PAGE_WORD(BETTER_LESS, "less is better", "menos es mejor")
WORD(FRONT_TABLE, "the share of resamples of the futures in which a profile is on an actor's front of all its measures",
     "proporción de remuestreos de los futuros en que un perfil está en el frente de todas las medidas de un actor")
WORD(BURDENS, "Who bears what", "Quién carga con qué")
WORD(BURDENS_LEAD,
     "The share of futures in which a group is better off by a measure than under the base, less the share in which "
     "it is worse off: 100 % is better in every future, −100 % worse in every one. In %1 of %2 profiles some "
     "group is worse off by a measure in at least 90 % of the futures, and in %3 of these some group is better off "
     "as surely. Grey (=): no different in any future.",
     "La proporción de futuros en que un grupo queda mejor que con la base según una medida, menos la proporción "
     "en que queda peor: 100 % es mejor en todos los futuros; −100 %, peor en todos. En %1 de %2 perfiles algún "
     "grupo queda peor según una medida en al menos el 90 % de los futuros, y en %3 de ellos algún grupo queda "
     "mejor con igual seguridad. En gris (=): sin diferencia en ningún futuro.")
WORD(BURDENS_TABLE,
     "median difference from the base, and the shares of futures in which the group is worse and better off",
     "mediana de la diferencia con la base y proporción de futuros en que el grupo queda peor y mejor")
WORD(BURDENS_CELL, "%1; worse in %2 % (%3 to %4), better in %5 %", "%1; peor en %2 % (%3 a %4), mejor en %5 %")
WORD(TAKES, "What each course takes", "Qué exige cada curso")
WORD(TAKES_LEAD,
     "Who acts, what it costs, how long until it works, by what authority, and whether it can be undone: as the "
     "situation declares it, with its source. What is judged is marked as judged.",
     "Quién actúa, cuánto cuesta, en cuánto tiempo surte efecto, con qué autoridad y si puede deshacerse: como "
     "lo declara la situación, con su fuente. Lo estimado a juicio va marcado así.")
WORD(FACT_WHO, "Who acts", "Quién actúa")
WORD(FACT_COST, "Cost", "Costo")
WORD(FACT_LEAD, "Lead time", "Plazo")
WORD(FACT_AUTHORITY, "Legal authority", "Autoridad legal")
WORD(FACT_REVERSIBLE, "Reversible", "Reversible")
