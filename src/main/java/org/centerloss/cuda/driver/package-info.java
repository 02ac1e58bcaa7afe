/** CUDA's driver: libraries, context, streams, memory, modules and kernels. */
package org.centerloss.cuda.driver;
