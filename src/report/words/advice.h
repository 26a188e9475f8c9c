/* Words of what the sources recommend. */
WORD(ADVICE, "What the sources recommend, and what it brings", "Lo que recomiendan las fuentes y lo que trae")
WORD(ADVICE_LEAD,
     "%1 recommendations of the sources, %2 of them something to do; each is followed from the base on over the "
     "same %3 futures, and nobody answers. The colour says in how many of 100 futures the actor is better off by "
     "its own wants.",
     "%1 recomendaciones de las fuentes; %2 son algo que se puede hacer. Cada una se sigue desde la base en los "
     "mismos %3 futuros, y nadie responde. El color dice en cuántos de cada 100 futuros el actor queda mejor "
     "según lo que quiere.")
WORD(ADVICE_SIZE,
     "A single lever and a course of many are not of one size: a richer package does more.",
     "Una sola palanca y un curso con muchas no son del mismo tamaño: un paquete más rico hace más.")
WORD(ADVICE_TABLE, "every recommendation, by the actors' payoffs", "todas las recomendaciones, por la utilidad de los actores")
WORD(ADVICE_TEXT, "Recommendation", "Recomendación")
WORD(ADVICE_CELL,
     "rank %1: %2 (%3 to %4); more in %5 % of futures, less in %6 %",
     "lugar %1: %2 (%3 a %4); más en %5 % de los futuros, menos en %6 %")
WORD(ADVICE_YARDSTICKS,
     "by what the sources themselves would judge them: median differences from the base, and the share of futures "
     "in which a risk happens",
     "según aquello con lo que las propias fuentes las juzgarían: diferencias medianas con la base, y proporción "
     "de futuros en que ocurre un riesgo")
