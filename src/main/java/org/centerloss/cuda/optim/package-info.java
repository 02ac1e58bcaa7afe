/** Kernels that move the parameters, and what they need for it in a step. */
package org.centerloss.cuda.optim;
