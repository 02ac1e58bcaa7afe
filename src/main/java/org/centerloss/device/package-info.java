/** The seam of the program: devices, tensors, and the operations that every device offers. */
package org.centerloss.device;
