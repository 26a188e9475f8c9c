/* Words of the part that lets the reader play with the model. */
WORD(PLAYING, "Try it yourself", "Pruébelo usted")
WORD(PLAYING_LEAD,
     "The model itself is in this page: choose courses, move levers, fix what is uncertain, and see what comes of "
     "it in the same futures. The base stays as a dashed ghost.",
     "El modelo mismo está en esta página: elija cursos, mueva palancas, fije lo incierto y vea qué resulta en "
     "los mismos futuros. La base queda como sombra discontinua.")
WORD(PLAYING_LEFT_OUT,
     "Playing is left out: this parley was built without the tools that make its engine run in a page.",
     "Aquí no se puede jugar: este parley se construyó sin las herramientas que hacen correr su motor en una "
     "página.")
PAGE_WORD(PLAY_START, "Start from", "Partir de")
PAGE_WORD(PLAY_PICK, "choose a profile", "elija un perfil")
PAGE_WORD(PLAY_COURSE, "Course", "Curso")
PAGE_WORD(PLAY_LEVERS, "Levers", "Palancas")
PAGE_WORD(PLAY_UNKNOWN, "What nobody knows", "Lo que nadie sabe")
PAGE_WORD(PLAY_FIX, "Fix what is uncertain", "Fijar lo incierto")
PAGE_WORD(PLAY_FILTER, "Find by name", "Buscar por nombre")
PAGE_WORD(PLAY_DRAWN, "as drawn", "como salió en los sorteos")
PAGE_WORD(PLAY_RESET, "Undo", "Deshacer")
PAGE_WORD(PLAY_RESET_ALL, "Back to the base", "Volver a la base")
PAGE_WORD(PLAY_DIFFERS, "What differs from the base", "Qué difiere de la base")
PAGE_WORD(PLAY_NOTHING, "Nothing: this is the base.", "Nada: esta es la base.")
PAGE_WORD(PLAY_SET, "%1 instead of %2", "%1 en lugar de %2")
PAGE_WORD(PLAY_SHOW, "Show", "Mostrar")
PAGE_WORD(PLAY_FAN,
     "%1: %2 futures of your choice; the base is dashed.",
     "%1: %2 futuros de su elección; la base va con línea discontinua.")
PAGE_WORD(PLAY_STATUS,
     "At the end it is above the base in %1 of %2 futures, below it in %3.",
     "Al final está por encima de la base en %1 de %2 futuros, y por debajo en %3.")
PAGE_WORD(PLAY_SAME, "At the end it is the same as under the base in all %1 futures.",
          "Al final es igual que con la base en los %1 futuros.")
PAGE_WORD(PLAY_FAILED, "%1 runs failed; they count as missing.", "%1 corridas fallaron; cuentan como faltantes.")
PAGE_WORD(PLAY_RUNNING, "Running …", "Corriendo …")
PAGE_WORD(PLAY_ERROR, "The engine cannot run here: %1", "El motor no puede correr aquí: %1")
PAGE_WORD(PLAY_OUTCOMES, "What comes of it: medians of %1 futures", "Qué resulta: medianas de %1 futuros")
PAGE_WORD(PLAY_MEASURE, "Measure", "Medida")
PAGE_WORD(PLAY_BASE, "Base", "Base")
PAGE_WORD(PLAY_YOURS, "Yours", "Lo suyo")
PAGE_WORD(PLAY_CHANGE, "Difference, 9 in 10 futures", "Diferencia, 9 de cada 10 futuros")
PAGE_WORD(PLAY_HIGHER, "Higher in", "Más alto en")
PAGE_WORD(PLAY_PAYOFFS, "What each actor makes of it", "Qué significa para cada actor")
PAGE_WORD(PLAY_BETTER, "Better off in", "Mejor en")
PAGE_WORD(PLAY_SHARE, "%1 of %2", "%1 de %2")
PAGE_WORD(PLAY_LINK, "Copy a link to this", "Copiar un enlace a esto")
PAGE_WORD(PLAY_COPIED, "The link is copied; the address of this page has it, too.",
          "El enlace está copiado; también está en la dirección de esta página.")
PAGE_WORD(PLAY_BACKWARD, "Run the analysis backward", "Recorrer el análisis al revés")
PAGE_WORD(PLAY_BACKWARD_LEAD,
     "Each button puts what is uncertain into the middle of a box that the analysis found.",
     "Cada botón lleva lo incierto al centro de una caja que halló el análisis.")
PAGE_WORD(PLAY_RULES, "This course has rules that act by themselves; a lever that you move gives way to them.",
          "Este curso tiene reglas que actúan solas; una palanca que usted mueva cede ante ellas.")
PAGE_WORD(PLAY_ALL_MEASURES, "All measures", "Todas las medidas")
PAGE_WORD(PLAY_ACTOR, "Actor", "Actor")
PAGE_WORD(PLAY_LARGER, "On this machine, in more futures", "En esta máquina, en más futuros")
PAGE_WORD(PLAY_LARGER_COUNT, "Futures", "Futuros")
PAGE_WORD(PLAY_LARGER_RUN, "Run", "Correr")
PAGE_WORD(PLAY_LARGER_CANCEL, "Cancel", "Cancelar")
PAGE_WORD(PLAY_LARGER_PROGRESS, "%1 % of the work is done.", "Está hecho el %1 % del trabajo.")
PAGE_WORD(PLAY_LARGER_DONE,
          "%1 futures, run in %2 s: the fan and the tables show them until you change something.",
          "%1 futuros, corridos en %2 s: el abanico y las tablas los muestran hasta que usted cambie algo.")
PAGE_WORD(PLAY_LARGER_LEFT, "The fan shows what you changed since then, in the page's own futures.",
          "El abanico muestra lo que usted cambió desde entonces, en los futuros de la página.")
PAGE_WORD(PLAY_LARGER_CANCELLED, "The run was cancelled.", "La corrida se canceló.")
PAGE_WORD(PLAY_LARGER_FAILED, "The run failed: %1", "La corrida falló: %1")
PAGE_WORD(PLAY_LARGER_GONE, "The server does not answer: it may have been stopped.",
          "El servidor no responde: puede que se haya detenido.")
PAGE_WORD(PLAY_LARGER_CSV, "Download every future (CSV)", "Descargar cada futuro (CSV)")
PAGE_WORD(PLAY_LARGER_SAVED, "It is also in the file %1.", "También está en el archivo %1.")
PAGE_WORD(PLAY_LARGER_UNSAVED, "No file of it could be written: %1.", "No se pudo escribir un archivo: %1.")
