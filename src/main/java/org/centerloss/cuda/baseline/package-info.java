/** What a GPU gives to other ways of computing: their matrix operations, and naive kernels. */
package org.centerloss.cuda.baseline;
