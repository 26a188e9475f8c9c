/* Words of PRIM boxes: what a limit says, and the sentence around it. */
WORD(BOX_HIGH, "%1 is high (%2 or more)", "%1 alcanza valores altos (%2 o más)")
WORD(BOX_NOT_LOW, "%1 is not low (%2 or more)", "%1 no toma valores bajos (%2 o más)")
WORD(BOX_NOT_LOWEST, "%1 is not at its lowest (%2 or more)", "%1 no toma sus valores más bajos (%2 o más)")
WORD(BOX_LOW, "%1 is low (%2 or less)", "%1 toma valores bajos (%2 o menos)")
WORD(BOX_NOT_HIGH, "%1 is not high (%2 or less)", "%1 no alcanza valores altos (%2 o menos)")
WORD(BOX_NOT_HIGHEST, "%1 is not at its highest (%2 or less)", "%1 no alcanza sus valores más altos (%2 o menos)")
WORD(BOX_HIGH_BETWEEN, "%1 is high (%2 to %3)", "%1 alcanza valores altos (de %2 a %3)")
WORD(BOX_LOW_BETWEEN, "%1 is low (%2 to %3)", "%1 toma valores bajos (de %2 a %3)")
WORD(BOX_MIDDLE, "%1 is in the middle of its range (%2 to %3)", "%1 toma valores intermedios (de %2 a %3)")
WORD(BOX_BETWEEN, "%1 lies between %2 and %3", "%1 está entre %2 y %3")
WORD(BOX_CHOOSES, "%1 chooses %2", "%1 elige %2")
WORD(BOX_CHOOSES_NOT, "%1 does not choose %2", "%1 no elige %2")
WORD(BOX_IS, "%1 is %2", "%1 es %2")
WORD(BOX_IS_NOT, "%1 is not %2", "%1 no es %2")
WORD(BOX_OR, " or ", " o ")
WORD(BOX_AND, " and ", " y ")
WORD(BOX_QUOTED, "“%1”", "«%1»")
WORD(BOX_PERCENT, "%1 %", "%1 %")
WORD(BOX_UNDER, "Under %1: ", "Con %1: ")
WORD(BOX_RISK_FUTURES,
     "%1 happens in %4 of the futures in which %2, against %5 of all futures. That accounts for %3 of the "
     "futures in which it happens.",
     "%1 ocurre en %4 de los futuros en que %2, frente a %5 de todos los futuros. Esto da cuenta de %3 de los "
     "futuros en que ocurre.")
WORD(BOX_RISK_CASES,
     "%1 happens in %4 of the cases in which %2, against %5 of all cases. That accounts for %3 of the cases in "
     "which it happens.",
     "%1 ocurre en %4 de los casos en que %2, frente a %5 de todos los casos. Esto da cuenta de %3 de los "
     "casos en que ocurre.")
WORD(BOX_CONDITION_FUTURES,
     "%1 holds in %4 of the futures in which %2, against %5 of all futures. That accounts for %3 of the "
     "futures in which it holds.",
     "%1 se cumple en %4 de los futuros en que %2, frente a %5 de todos los futuros. Esto da cuenta de %3 de "
     "los futuros en que se cumple.")
WORD(BOX_CONDITION_CASES,
     "%1 holds in %4 of the cases in which %2, against %5 of all cases. That accounts for %3 of the cases in "
     "which it holds.",
     "%1 se cumple en %4 de los casos en que %2, frente a %5 de todos los casos. Esto da cuenta de %3 de los "
     "casos en que se cumple.")
WORD(BOX_NOTHING,
     "No limit of an input tells these cases from the others.",
     "Ningún límite de una entrada distingue estos casos de los demás.")
