/* The model of sir.mdl as a modeller writes it in C by hand: one case, plain doubles. The order of operations is that
 * of the model's equations, so the bits are the same. */
#include "sir_scalar.h"

void sir_scalar(double contact_rate, double infectivity, double duration, double *most_infectious, double *all_recovered) {
    const double population = 100000, start = 10, dt = 0.0625;
    double susceptible = population - start, infectious = start, recovered = 0, most = infectious;
    for (int n = 0; n < SIR_STEPS; n++) {
        double contacts = contact_rate * susceptible;
        double infections = contacts * infectivity * infectious / population;
        double recoveries = infectious / duration;
        susceptible += dt * -infections;
        infectious += dt * (infections - recoveries);
        recovered += dt * recoveries;
        if (infectious > most) most = infectious;
    }
    *most_infectious = most;
    *all_recovered = recovered;
}
