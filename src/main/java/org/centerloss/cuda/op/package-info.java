/**
 * Operations by kernels of our own but those of optimisers, and the variants that they are compared
 * with.
 */
package org.centerloss.cuda.op;
