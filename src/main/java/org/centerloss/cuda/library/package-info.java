/** Operations by cuDNN and cuBLAS. */
package org.centerloss.cuda.library;
