/* See cholesky.h. */
#include "base/cholesky.h"

#include <math.h>

bool pl_cholesky_factor(double *matrix, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = matrix[i * n + j];
            for (int k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
            if (i == j && !(sum > 1e-12)) return false;
            matrix[i * n + j] = i == j ? sqrt(sum) : sum / matrix[j * n + j];
        }
    return true;
}
