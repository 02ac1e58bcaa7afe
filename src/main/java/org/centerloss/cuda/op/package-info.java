/** Operations by kernels of our own, and the variants that they are compared with. */
package org.centerloss.cuda.op;
