/** NVIDIA GPUs through the CUDA driver API: the only place that imports JCuda. */
package org.centerloss.cuda;
