/**
 * Tensors, recorded programs, the operation that copies, and what all operations on a GPU have in
 * common.
 */
package org.centerloss.cuda.runtime;
