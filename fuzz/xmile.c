/* The reader of XMILE models: the target of mdl.c, for the reader tells XML by its text, with inputs of its own. */
#include "mdl.c"
